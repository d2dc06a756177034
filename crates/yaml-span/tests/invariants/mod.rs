//! What holds for every text. The fuzz targets check it too.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use yaml_span::{Kind, NodeId, Scalar, Style, Tree, parse};

/// Every scalar of a tree with its span.
fn scalars<'a>(tree: &'a Tree<'_>) -> Vec<(std::ops::Range<usize>, &'a Scalar<'a>)> {
    let mut found = Vec::new();
    let mut open: Vec<NodeId> = tree.documents().to_vec();
    while let Some(id) = open.pop() {
        let node = tree.node(id);
        match &node.kind {
            Kind::Scalar(scalar) => found.push((node.span.clone(), scalar)),
            Kind::Mapping(entries) => open.extend(entries.iter().flat_map(|e| [e.key, e.value])),
            Kind::Sequence(items) => open.extend(items),
            Kind::Alias(_) => {}
        }
    }
    found
}

/// Parses a text that is YAML, and checks what must hold of the tree.
pub fn parsed(text: &str) {
    let tree = parse(text).unwrap_or_else(|e| panic!("{e} at {} in {text:?}", e.offset));
    holds(&tree);
}

/// Checks what must hold of every tree.
pub fn holds(tree: &Tree<'_>) {
    let text = tree.text();
    for (span, scalar) in scalars(tree) {
        let spelled = &text[span.clone()];
        match scalar.style {
            Style::Plain if !scalar.value.contains([' ', '\n']) => {
                assert_eq!(spelled, scalar.value, "{text:?}")
            }
            Style::Plain => {}
            Style::SingleQuoted => {
                assert!(spelled.starts_with('\'') && spelled.ends_with('\''), "{spelled:?}")
            }
            Style::DoubleQuoted => {
                assert!(spelled.starts_with('"') && spelled.ends_with('"'), "{spelled:?}")
            }
            Style::Literal => assert!(spelled.starts_with('|'), "{spelled:?} in {text:?}"),
            Style::Folded => assert!(spelled.starts_with('>'), "{spelled:?} in {text:?}"),
        }
        for piece in scalar.pieces().filter(|piece| piece.copied) {
            assert_eq!(text[piece.source], scalar.value[piece.value], "{text:?}");
        }
        // Each letter and digit that is copied stands where `source` says.
        for (at, c) in scalar.value.char_indices() {
            let source = scalar.source(at..at + c.len_utf8());
            // The last line feed of a block is spelled by the break behind it.
            assert!(
                span.start <= source.start && (source.end <= span.end || c == '\n'),
                "{text:?}"
            );
            let there = &text[source.clone()];
            if c.is_ascii_alphanumeric() && !there.starts_with('\\') {
                assert_eq!(there, c.to_string(), "{:?} at {at} of {text:?}", scalar.value);
            }
        }
    }
}
