//! Which lines of two texts differ.

use std::ops::Range;

/// Lines of the old text, and what stands in their place in the new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Run {
    /// Lines of the old text, from 0; empty where lines were added.
    pub(crate) old: Range<usize>,
    /// Lines of the new text; empty where lines were taken.
    pub(crate) new: Range<usize>,
}

/// The runs of lines in which two texts differ, in order: the fewest lines that do
/// (E. Myers, "An O(ND) difference algorithm", 1986).
pub(crate) fn differing(old: &[&str], new: &[&str]) -> Vec<Run> {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (tail_old, tail_new) = (&old[start..], &new[start..]);
    let end = tail_old.iter().rev().zip(tail_new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (&tail_old[..tail_old.len() - end], &tail_new[..tail_new.len() - end]);
    // Most edits are made in their line: no path has to be looked for.
    if old.len() == new.len() {
        return join(
            (0..old.len()).filter(|&line| old[line] != new[line]).map(|line| (line, line)),
            start,
        );
    }
    let mut runs: Vec<Run> = Vec::new();
    let (mut a, mut b) = (0, 0);
    for (x, y) in same(old, new).into_iter().chain([(old.len(), new.len())]) {
        if a < x || b < y {
            runs.push(Run { old: start + a..start + x, new: start + b..start + y });
        }
        (a, b) = (x + 1, y + 1);
    }
    runs
}

fn join(pairs: impl Iterator<Item = (usize, usize)>, start: usize) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (x, y) in pairs {
        let (x, y) = (start + x, start + y);
        match runs.last_mut() {
            Some(run) if run.old.end == x && run.new.end == y => {
                (run.old.end, run.new.end) = (x + 1, y + 1);
            }
            _ => runs.push(Run { old: x..x + 1, new: y..y + 1 }),
        }
    }
    runs
}

/// How many lines may differ: the steps taken are kept, and are the square of that.
const MOST: usize = 2000;

/// The pairs of lines that stay, in order; none where more than [`MOST`] do not.
fn same(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let most = (old.len() + new.len()).min(MOST);
    // How far each diagonal reaches, shifted so that none is negative; and how far those
    // did that count, for each number of differences before.
    let mut reach = vec![0usize; 2 * most + 3];
    let mut history: Vec<Vec<usize>> = Vec::new();
    for differences in 0..=most {
        let middle = most + 1;
        history.push(reach[middle - differences..=middle + differences].to_vec());
        for step in (0..=2 * differences).step_by(2) {
            let diagonal = middle - differences + step;
            let down =
                step == 0 || (step != 2 * differences && reach[diagonal - 1] < reach[diagonal + 1]);
            let mut x = if down { reach[diagonal + 1] } else { reach[diagonal - 1] + 1 };
            let Some(mut y) = (x + middle).checked_sub(diagonal) else { continue };
            while x < old.len() && y < new.len() && old[x] == new[y] {
                (x, y) = (x + 1, y + 1);
            }
            reach[diagonal] = x;
            if x >= old.len() && y >= new.len() {
                return back(&history, (old.len(), new.len()));
            }
        }
    }
    Vec::new()
}

/// The way back from the end, by what each step could reach.
fn back(history: &[Vec<usize>], end: (usize, usize)) -> Vec<(usize, usize)> {
    let (mut x, mut y) = end;
    let mut pairs = Vec::new();
    for (differences, reach) in history.iter().enumerate().rev() {
        // Of those from `-differences` to `differences`.
        let diagonal = differences + x - y;
        let (mut before_x, mut before_y) = (0, 0);
        if differences > 0 {
            let down = diagonal == 0
                || (diagonal != 2 * differences && reach[diagonal - 1] < reach[diagonal + 1]);
            let from = if down { diagonal + 1 } else { diagonal - 1 };
            before_x = reach[from];
            before_y = before_x + differences - from;
        }
        while x > before_x && y > before_y {
            (x, y) = (x - 1, y - 1);
            pairs.push((x, y));
        }
        (x, y) = (before_x, before_y);
    }
    pairs.reverse();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(old: &str, new: &str) -> Vec<(Range<usize>, Range<usize>)> {
        let (old, new): (Vec<&str>, Vec<&str>) =
            (old.split('\n').collect(), new.split('\n').collect());
        differing(&old, &new).into_iter().map(|run| (run.old, run.new)).collect()
    }

    #[test]
    fn changed_and_added_lines_are_told() {
        assert_eq!(runs("a\nb\nc", "a\nb\nc"), []);
        assert_eq!(runs("a\nb\nc", "x\nb\ny"), [(0..1, 0..1), (2..3, 2..3)]);
        assert_eq!(runs("a\nb", "a\nn\nb"), [(1..1, 1..2)]);
        assert_eq!(runs("a\nb\nc\n", "x\nb\nc\nn\nm\n"), [(0..1, 0..1), (3..3, 3..5)]);
        assert_eq!(runs("a", "a\nb"), [(1..1, 1..2)]);
        assert_eq!(runs("a\nn\nb", "a\nb"), [(1..2, 1..1)]);
    }

    #[test]
    fn texts_that_have_little_in_common_are_one_run() {
        let texts = [(0..60_000, "a"), (0..90_000, "b")];
        let [old, new] = texts.map(|(lines, name)| {
            lines
                .map(|line| if line % 9 == 0 { line.to_string() } else { format!("{name}{line}") })
                .collect::<Vec<_>>()
        });
        let lines = |text: &[String]| text.join("\n");
        assert_eq!(runs(&lines(&old), &lines(&new)), [(1..60_000, 1..90_000)]);
        // Whatever else was added.
        let more = format!("{}\n{}", lines(&old), lines(&new));
        assert_eq!(runs(&lines(&old), &more), [(60_000..60_000, 60_000..150_000)]);
    }

    #[test]
    fn what_does_not_differ_is_the_same_text() {
        // Every pair of texts of up to five lines of two kinds.
        let texts: Vec<Vec<&str>> = (0..6)
            .flat_map(|length| (0..1 << length).map(move |bits| (length, bits)))
            .map(|(length, bits)| {
                (0..length).map(|at| if bits >> at & 1 == 0 { "a" } else { "b" }).collect()
            })
            .collect();
        for old in &texts {
            for new in &texts {
                let mut made: Vec<&str> = Vec::new();
                let mut at = 0;
                for run in differing(old, new) {
                    made.extend(&old[at..run.old.start]);
                    made.extend(&new[run.new.clone()]);
                    at = run.old.end;
                }
                made.extend(&old[at..]);
                assert_eq!(&made, new, "from {old:?}");
            }
        }
    }
}
