//! What was read of a chart's files, to be shared between renders.

use super::trees::Trees;
use crate::evaluate::{Error, Unit, parse};
use crate::source::{FileId, SourceMap};
use crate::value::Text;
use crate::values::Files;
use go_template::ast;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// Values files that were read and templates that were parsed, by file. It
/// belongs to one [`SourceMap`].
#[derive(Debug, Default)]
pub struct Cache {
    pub(super) values: Files,
    /// What all charts share.
    shared: Option<Arc<Trees>>,
    trees: HashMap<FileId, Result<(Text, Arc<ast::Template>), Error>>,
}

impl Cache {
    /// A cache that takes trees of templates from those that all charts share.
    pub fn sharing(trees: &Arc<Trees>) -> Self {
        Self { shared: Some(Arc::clone(trees)), ..Self::default() }
    }

    /// The parsed template in a file, under the path that Helm gives it.
    pub(super) fn unit(
        &mut self,
        sources: &SourceMap,
        file: FileId,
        path: &str,
    ) -> Result<Rc<Unit>, Error> {
        let parsed = self.trees.entry(file).or_insert_with(|| {
            let whole = sources.file(file).text();
            let text = Text::of_file(file, whole);
            let tree = match &self.shared {
                Some(trees) => trees.tree(whole, || parse(path, &text, whole)),
                None => parse(path, &text, whole),
            };
            tree.map(|tree| (text, tree))
        });
        match parsed {
            Ok((text, tree)) => {
                let source = sources.file(file).text().clone();
                Ok(Rc::new(Unit::new(path.to_owned(), text.clone(), source, Arc::clone(tree))))
            }
            Err(error) => Err(error.clone()),
        }
    }
}
