//! A values file as documents, as Helm's loader cuts it: at each line that
//! begins with `---`, whatever it stands in.

use super::Error;
use std::ops::Range;

/// The ranges of the documents.
///
/// # Errors
/// A separator with more behind it than blanks and a comment.
pub(super) fn split(text: &str) -> Result<Vec<Range<usize>>, Error> {
    if !text.starts_with("---") && !text.contains("\n---") {
        let whole = Some(0..text.len()).filter(|range| !range.is_empty());
        return Ok(whole.into_iter().collect());
    }
    let mut documents = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        if let Some(behind) = line.strip_prefix("---") {
            let behind = behind.trim();
            if !behind.is_empty() && !behind.starts_with('#') {
                let message = format!("invalid Yaml document separator: {behind}");
                return Err(Error::new(at, message));
            }
            if start < at {
                documents.push(start..at);
                start = end;
            } else {
                // An empty document: Helm then keeps what stands before, which is nothing.
                start = end;
            }
        }
        at = end;
    }
    if start < at {
        documents.push(start..at);
    }
    Ok(documents)
}
