//! Executes parsed templates as Go's `text/template` does, with Helm's functions.
//!
//! The functions follow those of Go's `exec.go`, so that the rules can be read
//! beside it: [`walk`](Evaluator::walk) prints nodes, [`pipeline`](Evaluator::pipeline)
//! gives values, [`call`](Evaluator::call) checks arguments.

mod address;
mod alternative;
mod argument;
mod assigned;
mod attribute;
mod branch;
mod call;
mod condition;
mod constant;
mod decision;
mod defined;
mod error;
mod explore;
mod field;
mod item;
mod led;
mod lookup;
mod mentions;
mod pipeline;
mod range;
mod relevance;
mod signs;
mod special;
mod stack;
mod state;
mod trace;
mod unit;
mod walk;

pub use condition::{Condition, Wanted};
pub use error::{Error, ErrorKind, Frame, Place, Via};
pub(crate) use explore::Explored;
pub use explore::{Print, Source, Under, Visitor};
pub use lookup::{Asked, Objects};
pub use special::SPECIAL;
pub use stack::with_stack;
pub use trace::{Call, Called};
pub(crate) use unit::{Named, Templates, Unit, parse};

use crate::functions::Budget;
use crate::source::FileText;
use crate::value::{Text, TextBuilder, Value};
use decision::Explorer;
use go_template::ast;
use item::Item;
use stack::Stack;
use state::State;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use trace::Trace;

/// What fails an evaluation. Boxed, since most evaluations do not fail.
type Outcome<T> = Result<T, Box<Error>>;

/// Executes templates of one chart, one after the other.
pub(crate) struct Evaluator {
    /// What may still be spent, by all of the chart's templates together.
    budget: Budget,
    /// The templates that can be named where the evaluation is.
    templates: Rc<Templates>,
    /// How often each template is being included at the moment.
    included: HashMap<Rc<str>, usize>,
    /// Texts that `tpl` parsed before.
    parsed: HashMap<FileText, Arc<ast::Template>>,
    stack: Stack,
    /// What is explored beside the branches that the values choose.
    explorer: Explorer,
    /// What is executed to print what is printed, when that is asked for.
    trace: Option<Trace>,
    /// What `lookup` finds, where there is a cluster.
    objects: Option<Rc<dyn Objects>>,
}

impl Evaluator {
    /// An evaluator for templates of one chart, on this thread.
    pub(crate) fn new(templates: Rc<Templates>, budget: Budget) -> Self {
        Self {
            budget,
            templates,
            included: HashMap::new(),
            parsed: HashMap::new(),
            stack: Stack::of_this_thread(),
            explorer: Explorer::default(),
            trace: None,
            objects: None,
        }
    }

    /// The steps that may still be taken.
    pub(crate) fn steps_left(&self) -> usize {
        self.budget.steps_left()
    }

    /// From now on other templates can be named. What was noted is of the old ones.
    pub(crate) fn name_from(&mut self, templates: Rc<Templates>) {
        self.templates = templates;
        self.explorer = Explorer::default();
    }

    /// What a template file prints, as Helm gives it out.
    ///
    /// # Errors
    /// Where Helm fails, or where a limit is reached.
    pub(crate) fn render(&mut self, file: &Named, dot: Value) -> Outcome<Text> {
        self.included.clear();
        let text = self.execute(file, Item::plain(dot), 0)?;
        Ok(without_no_value(text))
    }

    /// What a template prints.
    fn execute(&mut self, template: &Named, dot: Item, depth: usize) -> Outcome<Text> {
        let mut out = TextBuilder::default();
        self.execute_into(template, dot, depth, &mut out)?;
        Ok(out.finish())
    }

    fn execute_into(
        &mut self,
        template: &Named,
        dot: Item,
        depth: usize,
        out: &mut TextBuilder,
    ) -> Outcome<()> {
        let mut state = State::new(template, dot.clone(), depth, !self.explorer.is_lenient());
        self.deeper(&state)?;
        self.walk(&mut state, &dot, template.body(), out)?;
        Ok(())
    }

    /// Fails where the stack ends.
    fn deeper(&self, state: &State<'_>) -> Outcome<()> {
        if self.stack.is_used_up() {
            return Err(state.limit("the templates nest deeper than the limit allows"));
        }
        Ok(())
    }
}

/// What Go prints for nil goes out of what a file or a `tpl` gives.
fn without_no_value(text: Text) -> Text {
    let marker = crate::functions::print::NO_VALUE;
    let mut found = memchr::memmem::find_iter(text.bytes(), marker).peekable();
    if found.peek().is_none() {
        return text;
    }
    let mut out = TextBuilder::default();
    let mut from = 0;
    for at in found {
        out.push_slice(&text, from..at);
        from = at + marker.len();
    }
    out.push_slice(&text, from..text.len());
    out.finish()
}
