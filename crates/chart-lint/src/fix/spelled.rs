//! Which images are spelled by which bytes.

use crate::model::Image;
use std::collections::HashMap;

/// The images that the bytes of each file spell, by their index.
pub(super) struct Spelled<'r>(HashMap<&'r str, Vec<Stretch>>);

/// Bytes that spell images: those of declarations that overlap. No two stretches do.
struct Stretch {
    start: usize,
    end: usize,
    images: Vec<usize>,
}

impl<'r> Spelled<'r> {
    pub(super) fn of(images: &'r [Image]) -> Self {
        let mut files: HashMap<&str, Vec<Stretch>> = HashMap::new();
        for (index, image) in images.iter().enumerate() {
            for declaration in &image.declarations {
                let at = &declaration.location;
                let (start, end) = (at.bytes.start, at.bytes.end);
                let all = files.entry(&*at.path).or_default();
                all.push(Stretch { start, end, images: vec![index] });
            }
        }
        for all in files.values_mut() {
            all.sort_by_key(|stretch| (stretch.start, stretch.end));
            all.dedup_by(|next, stretch| {
                let overlap = next.start < stretch.end || next.start == stretch.start;
                if overlap {
                    stretch.end = stretch.end.max(next.end);
                    stretch.images.append(&mut next.images);
                }
                overlap
            });
        }
        Self(files)
    }

    /// The images that are spelled with this byte, or with bytes that overlap theirs.
    pub(super) fn at(&self, path: &str, byte: usize) -> &[usize] {
        let all = self.0.get(path).map(Vec::as_slice).unwrap_or_default();
        let next = all.partition_point(|stretch| stretch.start <= byte);
        let stretch = next.checked_sub(1).and_then(|before| all.get(before));
        stretch
            .filter(|stretch| byte < stretch.end || byte == stretch.start)
            .map(|stretch| stretch.images.as_slice())
            .unwrap_or_default()
    }
}
