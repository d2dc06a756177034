//! What real Helm answered, asked of our functions.
//!
//! Each line of the files in `asked/` is an expression, `=>`, and what Helm
//! printed for it, or `!` and the error of the call. Steps are separated by `;`
//! (`$x := …` keeps a value), and the last one is printed. The values are those
//! of [`VALUES`].

use super::print::{NO_VALUE, print_value};
use super::{Budget, Failure, Param, lookup};
use crate::source::{FileId, Span};
use crate::value::{Entry, List, Map, Origin, Text, Value};
use std::collections::HashMap;

/// The values file that Helm was given: each value starts a line of its own.
pub(super) const VALUES: &str = "\
a: 1
f: 1.5
big: 20000000
s: \"hello\"
t: true
l: [1, two, null, {x: 1}]
m: {b: 2, a: {c: d}}
n: null
e: \"\"
el: []
em: {}
image: {registry: ghcr.io, repository: dexidp/dex, tag: v2.42.0, port: 8080}
";

/// Where some text of the values file stands.
pub(super) fn at(text: &str) -> usize {
    VALUES.find(text).unwrap()
}

fn copied(text: &str) -> Value {
    Value::Str(Text::with_origin(text, Origin::copied(FileId(0), at(text))))
}

fn spelled(text: &str) -> Origin {
    Origin::spelled(Span::new(FileId(0), at(text)..at(text) + text.len()))
}

fn number(number: f64, text: &str) -> Value {
    Value::Float(number, spelled(text))
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let entry = |(key, value): (&str, Value)| {
        let start = VALUES.find(&format!("{key}:")).unwrap();
        (key.into(), Entry { key: Origin::copied(FileId(0), start), value })
    };
    Value::Map(entries.into_iter().map(entry).collect())
}

fn values() -> Value {
    let x = map([("x", number(1.0, "1}"))]);
    let list = vec![number(1.0, "1, two"), copied("two"), Value::Nil, x];
    let values = map([
        ("a", number(1.0, "1")),
        ("f", number(1.5, "1.5")),
        ("big", number(2e7, "20000000")),
        ("s", copied("hello")),
        ("t", Value::Bool(true, spelled("true"))),
        ("l", Value::List(List::new(list))),
        ("m", map([("b", number(2.0, "2, a")), ("a", map([("c", copied("d}"))]))])),
        ("e", Value::str("")),
        ("el", Value::List(List::default())),
        ("em", Value::Map(Map::new())),
        (
            "image",
            map([
                ("registry", copied("ghcr.io")),
                ("repository", copied("dexidp/dex")),
                ("tag", copied("v2.42.0")),
                ("port", number(8080.0, "8080")),
            ]),
        ),
    ]);
    let (Value::Map(mut all), Value::Map(m)) = (values, map([("c", copied("d"))])) else {
        panic!()
    };
    let d = Text::with_origin("d", Origin::copied(FileId(0), at("d}")));
    m.set("c", Value::Str(d));
    let Some(Value::Map(outer)) = all.get("m") else { panic!() };
    outer.set("a", Value::Map(m));
    all.name = "common.Values";
    Value::Map(all)
}

/// A call, a value, or a chain of calls in parentheses.
#[derive(Debug, Clone)]
enum Node {
    Word(String),
    Str(Text),
    Pipe(Vec<Vec<Node>>),
}

struct Asker {
    variables: HashMap<String, Value>,
    budget: Budget,
}

/// What an expression gives.
pub(super) fn ask(expression: &str) -> Result<Value, Failure> {
    let mut asker = Asker { variables: HashMap::new(), budget: Budget::new(1 << 24, 1 << 20) };
    let mut last = Value::Nil;
    for step in expression.split(" ; ") {
        let (name, step) = match step.split_once(" := ") {
            Some((name, step)) => (Some(name), step),
            None => (None, step),
        };
        let mut tokens = tokens(step);
        tokens.reverse();
        last = asker.pipe(&parse(&mut tokens))?;
        if let Some(name) = name {
            asker.variables.insert(name.to_owned(), last.clone());
        }
    }
    Ok(last)
}

/// What an expression prints.
pub(super) fn printed(expression: &str) -> Result<Text, Failure> {
    print_value(&mut Budget::new(1 << 24, 1 << 20), &ask(expression)?)
}

fn tokens(text: &str) -> Vec<String> {
    let (mut out, mut word) = (Vec::new(), String::new());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let end = matches!(character, ' ' | '(' | ')' | '|' | '"' | '`' | '\'');
        if end && !word.is_empty() {
            out.push(std::mem::take(&mut word));
        }
        match character {
            ' ' => {}
            '(' | ')' | '|' => out.push(character.to_string()),
            '`' => out.push(format!(
                "`{}",
                characters.by_ref().take_while(|&c| c != '`').collect::<String>()
            )),
            '\'' => {
                let inner = characters.next().unwrap();
                characters.next();
                out.push(format!("'{inner}"));
            }
            '"' => {
                let mut string = "\"".to_owned();
                while let Some(character) = characters.next().filter(|&c| c != '"') {
                    string.push(character);
                    if character == '\\' {
                        string.extend(characters.next());
                    }
                }
                out.push(string);
            }
            _ => word.push(character),
        }
    }
    if !word.is_empty() {
        out.push(word);
    }
    out
}

fn parse(tokens: &mut Vec<String>) -> Vec<Vec<Node>> {
    let mut pipe = vec![Vec::new()];
    while let Some(token) = tokens.pop() {
        let node = match token.as_bytes()[0] {
            b')' => break,
            b'(' => Node::Pipe(parse(tokens)),
            b'|' => {
                pipe.push(Vec::new());
                continue;
            }
            b'"' => Node::Str(Text::new(unescaped(&token[1..]))),
            b'`' => Node::Str(Text::new(&token[1..])),
            _ => Node::Word(token),
        };
        pipe.last_mut().unwrap().push(node);
    }
    pipe
}

/// Undoes the escapes of Go's strings.
fn unescaped(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let mut utf8 = [0; 4];
        if character != '\\' {
            out.extend(character.encode_utf8(&mut utf8).bytes());
            continue;
        }
        match rest.next().unwrap() {
            'n' => out.push(b'\n'),
            't' => out.push(b'\t'),
            'x' => {
                let digits: String = rest.by_ref().take(2).collect();
                out.push(u8::from_str_radix(&digits, 16).unwrap());
            }
            'u' => {
                let digits: String = rest.by_ref().take(4).collect();
                let character = char::from_u32(u32::from_str_radix(&digits, 16).unwrap()).unwrap();
                out.extend(character.encode_utf8(&mut utf8).bytes());
            }
            other => out.extend(other.encode_utf8(&mut utf8).bytes()),
        }
    }
    out
}

impl Asker {
    fn pipe(&mut self, pipe: &[Vec<Node>]) -> Result<Value, Failure> {
        let mut last = None;
        for command in pipe {
            last = Some(self.command(command, last)?);
        }
        Ok(last.unwrap())
    }

    fn command(&mut self, command: &[Node], last: Option<Value>) -> Result<Value, Failure> {
        let function = match &command[0] {
            Node::Word(word) => lookup(word),
            _ => None,
        };
        let Some(function) = function else { return self.value(&command[0], None) };
        let param = |index: usize| function.params.get(index).copied().or(function.rest);
        let mut args = Vec::new();
        for (index, node) in command[1..].iter().enumerate() {
            args.push(self.value(node, param(index))?);
        }
        args.extend(last);
        assert!(args.len() >= function.params.len(), "{command:?}");
        assert!(function.rest.is_some() || args.len() == function.params.len(), "{command:?}");
        (function.call)(&mut self.budget, &args)
    }

    fn value(&mut self, node: &Node, param: Option<Param>) -> Result<Value, Failure> {
        let word = match node {
            Node::Str(text) => return Ok(Value::Str(text.clone())),
            Node::Pipe(pipe) => return self.pipe(pipe),
            Node::Word(word) => word.as_str(),
        };
        let mut path = word.split('.');
        let root = match path.next() {
            Some("") => path.next().map(|_| values()),
            Some(name) => self.variables.get(name).cloned(),
            None => None,
        };
        if let Some(root) = root {
            return Ok(path.fold(root, |value, key| match &value {
                Value::Map(map) => map.get(key).unwrap_or_default(),
                _ => panic!("{word}"),
            }));
        }
        if let Some(character) = word.strip_prefix('\'') {
            let character = character.chars().next().unwrap();
            return Ok(Value::int(character as i64));
        }
        Ok(match (word, param) {
            ("true", _) => Value::bool(true),
            ("false", _) => Value::bool(false),
            ("nil", _) => Value::Nil,
            (_, Some(Param::Float64)) => Value::float(word.parse().unwrap()),
            (_, Some(Param::Int64)) => Value::int64(word.parse().unwrap()),
            _ => match word.parse::<i64>() {
                Ok(number) => Value::int(number),
                Err(_) if lookup(word).is_some() => {
                    return self.command(std::slice::from_ref(node), None);
                }
                Err(_) => Value::float(word.parse().unwrap()),
            },
        })
    }
}

fn check(file: &str) {
    let (mut wrong, mut all) = (Vec::new(), 0);
    for line in file.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")) {
        let (expression, expected) = line.split_once(" => ").unwrap();
        let answer = match printed(expression) {
            Ok(text) => text.as_str().replace(NO_VALUE, ""),
            Err(Failure(text)) => format!("!{text}"),
        };
        let answer = answer.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t");
        all += 1;
        if answer != expected {
            wrong.push(format!("{expression}\n   helm: {expected}\n   ours: {answer}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {all}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(all > 0);
}

macro_rules! asked {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            check(include_str!(concat!("asked/", stringify!($name), ".txt")));
        }
    )*};
}

asked!(print builtin compare convert math lists dicts reflect defaults);

mod hostile;
mod provenance;
