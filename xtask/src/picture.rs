//! The picture of the README: a real run of the gate, drawn as SVG.

use std::path::Path;
use std::process::Command;

/// Where it is, from the top of the repository.
pub(crate) const PATH: &str = "docs/output.svg";

const LINE: f32 = 17.0;
const COLUMN: f32 = 8.0;
const MARGIN: f32 = 16.0;

/// Runs the gate over one chart of the plan and draws what it prints.
pub(crate) fn draw(top: &Path) -> std::io::Result<String> {
    let arguments = [
        "lint-images",
        "charts-fixtures/plan/charts/dex",
        "charts-fixtures/plan/charts/localstack",
    ];
    let output = Command::new(std::env::current_exe()?)
        .args(arguments)
        .args(["--root", "charts-fixtures/plan", "--color", "always"])
        .env("CHART_IMAGES_TODAY", "2026-11-24")
        .env_remove("COLUMNS")
        .current_dir(top)
        .output()?;
    let prompt = format!("$ cargo xtask {}\n\n", arguments.join(" \\\n    "));
    Ok(svg(&(prompt + &String::from_utf8_lossy(&output.stdout))))
}

/// A piece of text and how it is drawn.
struct Piece {
    text: String,
    class: String,
}

fn svg(text: &str) -> String {
    let lines: Vec<Vec<Piece>> = text.trim_end().lines().map(pieces).collect();
    let columns =
        lines.iter().map(|line| line.iter().map(|p| p.text.chars().count()).sum::<usize>()).max();
    let width = columns.unwrap_or(0) as f32 * COLUMN + 2.0 * MARGIN;
    let height = lines.len() as f32 * LINE + 2.0 * MARGIN;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" aria-label=\"What the gate prints\">\n<style>\n\
         rect {{ fill: #0d1117 }}\n\
         text {{ fill: #c9d1d9; font: 13px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; white-space: pre }}\n\
         .b {{ font-weight: bold }} .c31 {{ fill: #ff7b72 }} .c32 {{ fill: #7ee787 }} .c33 {{ fill: #f2cc60 }}\n\
         .c34 {{ fill: #79c0ff }} .c35 {{ fill: #d2a8ff }} .c36 {{ fill: #a5d6ff }} .d {{ fill: #8b949e }} .u {{ text-decoration: underline }}\n\
         </style>\n<rect width=\"100%\" height=\"100%\" rx=\"8\"/>\n"
    );
    for (index, line) in lines.iter().enumerate() {
        let y = MARGIN + (index as f32 + 0.8) * LINE;
        let mut column = 0;
        for piece in line {
            // Each piece stands at its own place, since browsers' fonts differ in the
            // width of box drawings; blanks around it are only part of the place.
            let text = piece.text.trim();
            let blanks = piece.text.chars().take_while(|c| c.is_whitespace()).count();
            let x = MARGIN + (column + blanks) as f32 * COLUMN;
            column += piece.text.chars().count();
            if text.is_empty() {
                continue;
            }
            let width = text.chars().count() as f32 * COLUMN;
            out += &format!(
                "<text x=\"{x}\" y=\"{y:.1}\" textLength=\"{width}\" lengthAdjust=\"spacingAndGlyphs\" class=\"{}\">{}</text>\n",
                piece.class,
                piece
                    .text
                    .replace(' ', "\u{a0}")
                    .replace('&', "&amp;")
                    .replace('<', "&lt;")
                    .replace('>', "&gt;")
            );
        }
    }
    out + "</svg>\n"
}

/// Splits a line at its SGR sequences (`ESC [ … m`).
fn pieces(line: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut class = String::new();
    for (index, part) in line.split('\u{1b}').enumerate() {
        let mut text = part;
        if index > 0 {
            let Some((codes, rest)) = part.strip_prefix('[').and_then(|part| part.split_once('m'))
            else {
                continue;
            };
            class = codes.split(';').filter_map(class_of).collect::<Vec<_>>().join(" ");
            text = rest;
        }
        if !text.is_empty() {
            pieces.push(Piece { text: text.to_owned(), class: class.clone() });
        }
    }
    pieces
}

fn class_of(code: &str) -> Option<String> {
    match code {
        "1" => Some("b".into()),
        "2" => Some("d".into()),
        "4" => Some("u".into()),
        "31" | "32" | "33" | "34" | "35" | "36" => Some(format!("c{code}")),
        _ => None,
    }
}
