//! What the fields of an action refer to, as far as reading alone can tell.
//!
//! This follows `with`, `range`, `define` and variables by their words, without
//! evaluating anything: enough to tell which values a template's image comes from.

use go_template::{Action, Token, TokenKind};
use std::collections::HashMap;

/// Any item of a list or map, as `range` gives it.
pub(crate) const ANY: &str = "*";

/// A chain of fields and what it starts from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Chain {
    /// `.Values.a.b`: the keys after `.Values`.
    Values(Vec<String>),
    /// `.Chart.AppVersion`: the keys after `.Chart`.
    Chart(Vec<String>),
    /// Fields of something that only an evaluation can tell.
    Other(Vec<String>),
}

impl Chain {
    fn start(field: &str) -> Self {
        match field {
            "Values" => Self::Values(Vec::new()),
            "Chart" => Self::Chart(Vec::new()),
            other => Self::Other(vec![other.to_owned()]),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Values(path) | Self::Chart(path) | Self::Other(path) => path.len(),
        }
    }

    fn push(&mut self, field: &str) {
        match self {
            Self::Values(path) | Self::Chart(path) | Self::Other(path) => {
                path.push(field.to_owned())
            }
        }
    }
}

/// What one part of an action reads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reach {
    /// The chains of fields, in order.
    pub(crate) chains: Vec<Chain>,
    /// The templates it includes.
    pub(crate) includes: Vec<String>,
}

/// The scopes that are open at a place of a template.
#[derive(Debug, Default)]
pub(crate) struct Scopes {
    frames: Vec<Frame>,
    variables: HashMap<String, Vec<Chain>>,
}

#[derive(Debug, Default)]
struct Frame {
    /// What `.` is, when the block changes it.
    dot: Option<Vec<Chain>>,
    define: Option<String>,
}

impl Scopes {
    /// The innermost template that is being defined.
    pub(crate) fn define(&self) -> Option<&str> {
        self.frames.iter().rev().find_map(|frame| frame.define.as_deref())
    }

    /// Reads an action, and what it opens, closes and assigns.
    pub(crate) fn enter(&mut self, text: &str, action: &Action) -> Reach {
        let tokens: Vec<&Token> = action.tokens.iter().filter(|t| !is_blank(t)).collect();
        let word = |index: usize| tokens.get(index).map(|t: &&Token| &text[t.span.clone()]);
        let mut reach = self.reach(text, &tokens);
        cap(&mut reach.chains);
        match word(0) {
            Some("define" | "block") => {
                let name = tokens.get(1).and_then(|t| t.string()).map(|s| s.value.clone());
                self.frames.push(Frame { define: name.map(Into::into), dot: None });
            }
            Some("if") => self.frames.push(Frame::default()),
            Some(keyword @ ("with" | "range")) => {
                let mut dot = reach.chains.clone();
                if keyword == "range" {
                    dot.iter_mut().for_each(|chain| chain.push(ANY));
                }
                cap(&mut dot);
                self.bind(text, &tokens[1..], &dot);
                self.frames.push(Frame { define: None, dot: Some(dot) });
            }
            Some("end") => {
                self.frames.pop();
            }
            Some(_) => self.bind(text, &tokens, &reach.chains),
            None => {}
        }
        reach
    }

    /// `$x := …` and `$k, $v := range …`: the last variable gets the chains.
    fn bind(&mut self, text: &str, tokens: &[&Token], chains: &[Chain]) {
        let assigned =
            tokens.iter().position(|t| matches!(t.kind, TokenKind::Declare | TokenKind::Assign));
        let Some(assigned) = assigned else { return };
        let name = tokens[..assigned].iter().rev().find(|t| text[t.span.clone()].starts_with('$'));
        if let Some(name) = name {
            self.variables.insert(text[name.span.clone()].to_owned(), chains.to_vec());
        }
    }

    /// The chains and includes of some tokens.
    pub(crate) fn reach(&self, text: &str, tokens: &[&Token]) -> Reach {
        let mut reach = Reach::default();
        let mut index = 0;
        while index < tokens.len() {
            let token = tokens[index];
            let word = &text[token.span.clone()];
            if matches!(word, "include" | "template") {
                let name = tokens.get(index + 1).and_then(|t| t.string());
                reach.includes.extend(name.map(|s| s.value.to_string()));
                index += 1;
                continue;
            }
            let Some((mut chains, after)) = self.chain(text, tokens, index) else {
                index += 1;
                continue;
            };
            index = after;
            // `index .Values "a" "b"`: the strings go on where the fields end.
            if tokens.get(after.wrapping_sub(2)).is_some_and(|t| &text[t.span.clone()] == "index") {
                while let Some(key) = tokens.get(index).and_then(|t| t.string()) {
                    chains.iter_mut().for_each(|chain| chain.push(&key.value));
                    index += 1;
                }
            }
            reach.chains.extend(chains);
        }
        reach
    }

    /// The chain that begins at a token, and the index after it.
    pub(crate) fn chain(
        &self,
        text: &str,
        tokens: &[&Token],
        at: usize,
    ) -> Option<(Vec<Chain>, usize)> {
        let word = &text[tokens[at].span.clone()];
        let mut end = tokens[at].span.end;
        let mut fields: Vec<&str> = Vec::new();
        let mut after = at + 1;
        let variable = word.starts_with('$').then(|| word.split('.').next().unwrap_or(word));
        if variable.is_none() && !word.starts_with('.') {
            return None;
        }
        fields.extend(word.split('.').skip(1).filter(|field| !field.is_empty()));
        while let Some(next) = tokens.get(after) {
            let next_word = &text[next.span.clone()];
            if next.span.start != end || !next_word.starts_with('.') {
                break;
            }
            fields.extend(next_word.split('.').filter(|field| !field.is_empty()));
            end = next.span.end;
            after += 1;
        }
        let base = match variable {
            Some("$") => None,
            Some(name) => Some(self.variables.get(name).cloned().unwrap_or_default()),
            None => self.dot(),
        };
        Some((join(base, &fields), after))
    }

    fn dot(&self) -> Option<Vec<Chain>> {
        self.frames.iter().rev().find_map(|frame| frame.dot.clone())
    }
}

/// Fields after a base; without a base they start from the root's `.`.
fn join(base: Option<Vec<Chain>>, fields: &[&str]) -> Vec<Chain> {
    let rooted = |fields: &[&str]| {
        let (first, rest) = fields.split_first()?;
        let mut chain = Chain::start(first);
        rest.iter().for_each(|field| chain.push(field));
        Some(chain)
    };
    match base {
        Some(bases) if !matches!(fields.first(), Some(&("Values" | "Chart"))) => bases
            .into_iter()
            .map(|mut chain| {
                fields.iter().for_each(|field| chain.push(field));
                chain
            })
            .collect(),
        _ => rooted(fields).into_iter().collect(),
    }
}

/// Bounds what one action reads: a template that builds on itself
/// (`$x := merge $x .a .b`) would otherwise double it with each line.
fn cap(chains: &mut Vec<Chain>) {
    const MOST_CHAINS: usize = 16;
    const LONGEST_CHAIN: usize = 12;
    if let [] | [_] = chains.as_slice() {
        chains.retain(|chain| chain.len() <= LONGEST_CHAIN);
        return;
    }
    let mut kept: Vec<Chain> = Vec::new();
    for chain in chains.drain(..) {
        if kept.len() < MOST_CHAINS && chain.len() <= LONGEST_CHAIN && !kept.contains(&chain) {
            kept.push(chain);
        }
    }
    *chains = kept;
}

pub(crate) fn is_blank(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Space)
}
