//! sprig's functions on strings.

mod case;
mod cut;
mod join;
mod lines;
mod random;
mod split;
mod words;

use super::given::{function, variadic};
use super::{Function, Param};
use crate::value::Value;

const S: Param = Param::String;
const I: Param = Param::Int;

/// The functions on strings.
pub(super) const FUNCTIONS: &[Function] = &[
    function("abbrev", &[I, S], cut::abbrev),
    function("abbrevboth", &[I, I, S], cut::abbrevboth),
    function("camelcase", &[S], words::camelcase),
    variadic("cat", join::cat),
    function("contains", &[S, S], split::contains),
    function("hasPrefix", &[S, S], split::has_prefix),
    function("hasSuffix", &[S, S], split::has_suffix),
    function("hello", &[], |_, _| Ok(Value::str("Hello!"))),
    function("indent", &[I, S], lines::indent),
    function("initials", &[S], case::initials),
    function("join", &[S, Param::Any], join::join),
    function("kebabcase", &[S], words::kebabcase),
    function("lower", &[S], case::lower),
    function("nindent", &[I, S], lines::nindent),
    function("nospace", &[S], case::nospace),
    function("plural", &[S, S, I], split::plural),
    variadic("quote", join::quote),
    function("randAlpha", &[I], random::letters),
    function("randAlphaNum", &[I], random::letters),
    function("randAscii", &[I], random::letters),
    function("randBytes", &[I], random::bytes),
    function("randNumeric", &[I], random::digits),
    function("repeat", &[I, S], split::repeat),
    function("replace", &[S, S, S], split::replace),
    function("shuffle", &[S], random::shuffle),
    function("snakecase", &[S], words::snakecase),
    function("sortAlpha", &[Param::Any], join::sort_alpha),
    function("split", &[S, S], split::split),
    function("splitList", &[S, S], split::split_list),
    function("splitn", &[S, I, S], split::splitn),
    variadic("squote", join::squote),
    function("substr", &[I, I, S], cut::substr),
    function("swapcase", &[S], case::swapcase),
    function("title", &[S], case::title),
    function("trim", &[S], cut::trim),
    function("trimAll", &[S, S], cut::trim_all),
    function("trimPrefix", &[S, S], cut::trim_prefix),
    function("trimSuffix", &[S, S], cut::trim_suffix),
    function("trimall", &[S, S], cut::trim_all),
    function("trunc", &[I, S], cut::trunc),
    function("untitle", &[S], case::untitle),
    function("upper", &[S], case::upper),
    function("uuidv4", &[], random::uuid),
    function("wrap", &[I, S], lines::wrap),
    function("wrapWith", &[I, S, S], lines::wrap_with),
];
