//! `_tokenize`: the tokens of a source text for the library's `tokenize`, with comments and line ends that are none of the
//! grammar's.

use std::cell::Cell;

use super::{add_class, new};
use crate::compile::syntax::tokens::{Kind, Place, Token, TokenError, tokenize};
use crate::compile::syntax_error::ErrorKind;
use crate::object::cell::Mut;
use crate::object::dict::Dict;
use crate::object::function::Module;
use crate::object::header::{Kind as Layout, Ref};
use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def_kw};
use crate::vm::native_args::Signature;
use crate::vm::native_class::{CLASS, Class};
use crate::vm::native_iter::NativeIter;
use crate::vm::{Args, Exc, R, Vm};

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "_tokenize", &[]);
    add_class(vm, &m, &TOKENIZER_ITER);
    Ok(m)
}

static TOKENIZER_ITER: Class = Class {
    module: "_tokenize",
    name: "TokenizerIter",
    doc: "An iterator over the tokens of what readline gives: (type, string, start, end, line).",
    kind: Layout::Iter,
    new: Some(def_kw("__new__", 1, ANY, make)),
    methods: &[crate::builtins::slots::ITER, crate::builtins::slots::NEXT],
    ..CLASS
};

/// The tokens of the whole text: `readline` is called until it ends before the first one is given.
struct TokenizerIter {
    rows: Vec<Value>,
    next: Cell<usize>,
    /// What is raised behind the last token.
    error: Mut<Option<Value>>,
}

opaque_data!(TokenizerIter { rows, error } clear { error });

impl NativeIter for TokenizerIter {
    fn next(&self, _: &mut Vm) -> R<Option<Value>> {
        if let Some(row) = self.rows.get(self.next.get()) {
            self.next.set(self.next.get() + 1);
            return Ok(Some(row.clone()));
        }
        match self.error.take() {
            Some(e) => Err(Exc(e)),
            None => Ok(None),
        }
    }
}

/// `TokenizerIter(readline, *, encoding=None, extra_tokens=False)`.
fn make(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_argument(a)?;
    let names = ["readline", "encoding", "extra_tokens"];
    let signature = Signature { function: "tokenizeriter", names, required: 1, positional: 1 };
    let [readline, encoding, extra] = a.rest().bind(vm, &signature)?;
    let extra = extra.map_or(Ok(false), |v| vm.truth(v))?;
    let mut text = read(vm, readline.unwrap_or(&Value::NONE), encoding)?;
    let unfinished = !text.is_empty() && !text.ends_with('\n');
    if unfinished {
        text.push('\n');
    }
    let found = tokenize(&text);
    let mut rows = Rows::new(vm, &text, extra, unfinished)?;
    for token in &found.tokens {
        rows.token(vm, token)?;
    }
    let rows = rows.rows;
    let error = found.error.map(|e| match found.end_of_input {
        true => end_of_input(vm, &text).0,
        false => error_of(vm, &text, &e).0,
    });
    Ok(vm.new_native_iter(&class, TokenizerIter { rows, next: Cell::new(0), error: Mut::new(error) }))
}

/// All lines that `readline` gives, as one text with `\n` alone between them.
fn read(vm: &mut Vm, readline: &Value, encoding: Option<&Value>) -> R<String> {
    let mut text = String::new();
    loop {
        let line = match vm.call(readline, &[]) {
            Ok(line) => line,
            Err(e) if vm.is_exception(&e, &vm.types().StopIteration) => break,
            Err(e) => return Err(e),
        };
        let line = match (line.bytes_like(), encoding.filter(|e| !e.is_none())) {
            (Some(_), Some(encoding)) => {
                let decode = vm.intern("decode");
                vm.call_method(&line, &decode, std::slice::from_ref(encoding))?
            }
            _ => line,
        };
        let Some(line) = line.downcast::<Str>() else {
            let got = vm.class_name(&line);
            return Err(vm.type_error(format!("readline() returned a non-string object: {got}")));
        };
        if line.is_empty() {
            break;
        }
        text.push_str(&line.to_string_lossy());
    }
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// The rows under construction, and where in the text they stand.
struct Rows<'a> {
    text: &'a str,
    /// Byte offsets at which lines begin.
    lines: Vec<usize>,
    /// Comments and line ends are told, and operators are not told apart.
    extra: bool,
    /// The last line end is not in the source.
    unfinished: bool,
    /// Behind the last token.
    at: usize,
    /// The letter of each f-string or t-string that is open.
    open: Vec<bool>,
    /// The library's numbers of kinds of tokens, and of operators by their text.
    names: Ref<Dict>,
    exact: Ref<Dict>,
    rows: Vec<Value>,
}

impl<'a> Rows<'a> {
    fn new(vm: &mut Vm, text: &'a str, extra: bool, unfinished: bool) -> R<Rows<'a>> {
        let name = vm.intern("token");
        let module = vm.import_module(&name)?;
        let exact = vm.intern("EXACT_TOKEN_TYPES");
        let exact = vm.get_attr(&module, &exact)?;
        let (Some(module), Some(exact)) = (module.downcast::<Module>(), exact.downcast::<Dict>()) else {
            return Err(vm.type_error("the module token is not the library's"));
        };
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
        let (names, exact) = (module.dict.clone(), exact.clone());
        Ok(Rows { text, lines, extra, unfinished, at: 0, open: Vec::new(), names, exact, rows: Vec::new() })
    }

    /// The 1-based line of an offset, and the column in characters.
    fn place(&self, offset: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|&begin| begin <= offset);
        let begin = self.lines[line - 1];
        (line, self.text[begin..offset].chars().count())
    }

    /// The lines that a range touches.
    fn source(&self, start: usize, end: usize) -> &'a str {
        let last = end.max(start + 1).min(self.text.len());
        let (first, last) = (self.place(start.min(self.text.len())).0, self.place(last.saturating_sub(1)).0);
        let end = self.lines.get(last).copied().unwrap_or(self.text.len());
        &self.text[self.lines[first - 1]..end.max(self.lines[first - 1])]
    }

    fn push(&mut self, vm: &mut Vm, kind: &str, string: &str, start: usize, end: usize) -> R<()> {
        let (from, mut to) = (self.place(start), self.place(end));
        // A line end belongs to the line that it ends.
        if string == "\n" || (string.is_empty() && kind == "NEWLINE") {
            to = (from.0, from.1 + 1);
        }
        let mut source = self.source(start, end);
        if self.unfinished && start + source.len() >= self.text.len() && kind != "ENDMARKER" {
            source = source.strip_suffix('\n').unwrap_or(source);
        }
        self.row(vm, kind, string, [from, to], source)
    }

    fn row(&mut self, vm: &mut Vm, kind: &str, string: &str, places: [(usize, usize); 2], source: &str) -> R<()> {
        let number = match kind == "OP" && !self.extra {
            true => self.exact.get_str(&vm.intern(string)),
            false => self.names.get_str(&vm.intern(kind)),
        };
        let pair = |vm: &Vm, (line, column): (usize, usize)| -> Value {
            Tuple::new(&vm.heap, [Value::from_len(line), Value::from_len(column)]).into()
        };
        let row = [
            number.unwrap_or(Value::NONE),
            vm.new_str(string),
            pair(vm, places[0]),
            pair(vm, places[1]),
            vm.new_str(source),
        ];
        self.rows.push(Tuple::new(&vm.heap, row).into());
        Ok(())
    }

    /// Comments and line ends between two tokens.
    fn gap(&mut self, vm: &mut Vm, end: usize) -> R<()> {
        let text = self.text;
        while self.at < end {
            let rest = &text[self.at..end];
            match rest.as_bytes()[0] {
                b'#' => {
                    let comment = rest.split('\n').next().unwrap_or(rest);
                    let start = self.at;
                    self.at += comment.len();
                    if self.extra {
                        self.push(vm, "COMMENT", comment, start, start + comment.len())?;
                    }
                }
                b'\n' => {
                    self.at += 1;
                    if self.extra {
                        self.push(vm, "NL", "\n", self.at - 1, self.at)?;
                    }
                }
                // A line that goes on has no end.
                b'\\' if rest.as_bytes().get(1) == Some(&b'\n') => self.at += 2,
                _ => self.at += rest.chars().next().map_or(1, char::len_utf8),
            }
        }
        Ok(())
    }

    fn token(&mut self, vm: &mut Vm, token: &Token) -> R<()> {
        let (start, end) = (token.start.min(self.text.len()), token.end.min(self.text.len()));
        self.gap(vm, start)?;
        let text = self.text;
        let string = &text[start..end];
        let template = |s: &str| s.trim_end_matches(['"', '\'']).contains(['t', 'T']);
        let kind = match token.kind {
            Kind::Name => "NAME",
            Kind::Number => "NUMBER",
            Kind::String => "STRING",
            Kind::Op => "OP",
            Kind::FStart => {
                self.open.push(template(string));
                if template(string) { "TSTRING_START" } else { "FSTRING_START" }
            }
            Kind::FMiddle => match self.open.last() {
                Some(true) => "TSTRING_MIDDLE",
                _ => "FSTRING_MIDDLE",
            },
            Kind::FEnd => match self.open.pop() {
                Some(true) => "TSTRING_END",
                _ => "FSTRING_END",
            },
            Kind::Indent => "INDENT",
            Kind::Newline => {
                // The comment before the line end is part of the token.
                self.gap(vm, string.find('\n').map_or(end, |i| start + i))?;
                let last = self.unfinished && self.at + 1 >= text.len();
                if !self.extra {
                    let (place, source) = (self.place(self.at), self.source(self.at, end));
                    self.row(vm, "NEWLINE", "", [place, place], source)?;
                } else {
                    let string = if last || self.at >= text.len() { "" } else { "\n" };
                    self.push(vm, "NEWLINE", string, self.at, end)?;
                }
                self.at = end;
                return Ok(());
            }
            Kind::Dedent | Kind::End => {
                let kind = if token.kind == Kind::End { "ENDMARKER" } else { "DEDENT" };
                let place = self.place(end);
                let source = if end >= text.len() { "" } else { self.source(end, end) };
                return self.row(vm, kind, "", [place, place], source);
            }
        };
        self.at = end;
        self.push(vm, kind, string, start, end)
    }
}

/// The exception where the text ends within brackets or behind a backslash: on the last line, before its beginning.
fn end_of_input(vm: &mut Vm, text: &str) -> Exc {
    let class = vm.types().SyntaxError.clone();
    raise(vm, &class, "unexpected EOF in multi-line statement", text.matches('\n').count(), 0, "")
}

/// The exception for what the tokenizer refuses.
fn error_of(vm: &mut Vm, text: &str, e: &TokenError) -> Exc {
    let offset = match e.place {
        Place::Before(at) | Place::BeforeNoEnd(at) | Place::BeforeOpenEnd(at) | Place::To(_, at) => {
            at.saturating_sub(1)
        }
        Place::OpenEnd(at) | Place::Indentation(at) | Place::Line(at) | Place::Range(at, _) => at,
    };
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let line = text[..offset].matches('\n').count();
    let begin = text[..offset].rfind('\n').map_or(0, |i| i + 1);
    let column = text[begin..offset].chars().count();
    let source = text[begin..].split_inclusive('\n').next().unwrap_or_default();
    let t = vm.types();
    let class = match e.kind {
        ErrorKind::Indentation => t.IndentationError.clone(),
        ErrorKind::Tab => t.TabError.clone(),
        _ => t.SyntaxError.clone(),
    };
    raise(vm, &class, &e.msg, line + 1, column + 1, source)
}

fn raise(vm: &mut Vm, class: &Ref<Type>, message: &str, line: usize, column: usize, source: &str) -> Exc {
    let place = [
        vm.new_str("<string>"),
        Value::from_len(line),
        Value::from_len(column),
        vm.new_str(source),
        Value::from_len(line),
        Value::from_len(column),
    ];
    let place = Tuple::new(&vm.heap, place).into();
    let message = vm.new_str(message);
    match vm.call(&class.to_value(), &[message, place]) {
        Ok(e) => Exc(e),
        Err(e) => e,
    }
}
