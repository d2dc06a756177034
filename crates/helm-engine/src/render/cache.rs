//! What was read of a chart's files, to be shared between renders.

use crate::evaluate::{Error, Unit, parse};
use crate::source::{FileId, SourceMap};
use crate::value::{Origin, Text};
use crate::values::Files;
use go_template::ast;
use std::collections::HashMap;
use std::rc::Rc;

/// Values files that were read and templates that were parsed, by file. It
/// belongs to one [`SourceMap`].
#[derive(Debug, Default)]
pub struct Cache {
    pub(super) values: Files,
    trees: HashMap<FileId, Result<(Text, Rc<ast::Template>), Error>>,
}

impl Cache {
    /// The parsed template in a file, under the path that Helm gives it.
    pub(super) fn unit(
        &mut self,
        sources: &SourceMap,
        file: FileId,
        path: &str,
    ) -> Result<Rc<Unit>, Error> {
        let parsed = self.trees.entry(file).or_insert_with(|| {
            let text =
                Text::with_origin(sources.file(file).text().as_bytes(), Origin::copied(file, 0));
            parse(path, &text).map(|tree| (text, tree))
        });
        match parsed {
            Ok((text, tree)) => {
                Ok(Rc::new(Unit::new(path.to_owned(), text.clone(), Rc::clone(tree))))
            }
            Err(error) => Err(error.clone()),
        }
    }
}
