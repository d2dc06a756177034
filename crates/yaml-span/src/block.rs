//! Follows block scalars, literal and folded, through their lines.

use crate::flow::Followed;
use crate::scalar::RunsBuilder;

/// A block scalar whose header (`|` or `>`) is at `header`, and whose content
/// is indented by `indent` characters.
pub(crate) fn block(text: &str, header: usize, indent: usize, value: &str) -> Option<Followed> {
    let header_end = line_end(text, header);
    let content_start = next_line(text, header_end);
    let mut runs = RunsBuilder::default();
    let mut at = content_start;
    let mut end = header_end;
    let mut done = 0;
    while done < value.len() && at < text.len() {
        let line_stop = line_end(text, at);
        let line = &text[at..line_stop];
        let spaces = line.bytes().take_while(|&b| b == b' ').count();
        let blank = line.trim_matches(' ').is_empty() && spaces <= indent;
        let body_start = at + spaces.min(indent);
        let body = if blank { "" } else { &text[body_start..line_stop] };
        let rest = value.get(done..)?;
        if !rest.starts_with(body) {
            return None;
        }
        runs.copied(done..done + body.len(), body_start..body_start + body.len());
        done += body.len();
        let next = next_line(text, line_stop);
        if !body.is_empty() {
            end = line_stop;
        }
        // A break is a line feed, or folds to a space, or spells nothing beside empty lines.
        match value.as_bytes().get(done) {
            Some(b'\n') if text.get(line_stop..next) == Some("\n") => {
                runs.copied(done..done + 1, line_stop..next);
                done += 1;
            }
            Some(b'\n') => {
                runs.spelled(done..done + 1, line_stop..next.max(line_stop));
                done += 1;
            }
            Some(b' ') if !body.is_empty() => {
                runs.spelled(done..done + 1, line_stop..next.max(line_stop));
                done += 1;
            }
            Some(_) | None => {}
        }
        at = next;
        if next == line_stop {
            break;
        }
    }
    // What chomping kept and the end of the text does not spell.
    if !value.as_bytes().get(done..)?.iter().all(|&b| b == b'\n') {
        return None;
    }
    Some(Followed {
        runs: runs.finish(),
        content: content_start.min(end.max(content_start))..end.max(content_start),
        end,
    })
}

/// The end of the line that holds an offset, without its break.
fn line_end(text: &str, at: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &text.as_bytes()[at..]).map_or(text.len(), |i| at + i)
}

/// The start of the next line; the same offset at the end of the text.
fn next_line(text: &str, line_end: usize) -> usize {
    let bytes = text.as_bytes();
    match (bytes.get(line_end), bytes.get(line_end + 1)) {
        (Some(b'\r'), Some(b'\n')) => line_end + 2,
        (Some(_), _) => line_end + 1,
        (None, _) => line_end,
    }
}

/// What a block scalar is that has no content and ends the text: nothing, or
/// with `+` its blank lines. `None` for every other one.
pub(crate) fn blank_at_the_end(text: &str, header: usize) -> Option<String> {
    let (head, rest) = text.get(header..)?.split_once('\n')?;
    if !rest.trim().is_empty() {
        return None;
    }
    let indicators = head.split('#').next().unwrap_or_default();
    Some(match indicators.contains('+') {
        true => "\n".repeat(rest.bytes().filter(|&byte| byte == b'\n').count()),
        false => String::new(),
    })
}
