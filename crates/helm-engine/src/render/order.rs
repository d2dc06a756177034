//! The order in which Helm parses and executes templates.

use super::templates::Template;
use std::cmp::Reverse;

/// Deeper paths first, then names in reverse.
pub(super) fn sorted(mut templates: Vec<Template>) -> Vec<Template> {
    let slashes = |path: &str| path.bytes().filter(|&byte| byte == b'/').count();
    templates.sort_by_cached_key(|template| {
        (Reverse(slashes(&template.path)), Reverse(template.path.clone()))
    });
    templates
}

/// True for templates that only define others.
pub(super) fn is_partial(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.starts_with('_'))
}
