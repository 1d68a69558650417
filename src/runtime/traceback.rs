//! From an exception to the text that CPython prints for it.

use std::cell::RefCell;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::code::traceback_text::{Frame, Lines, Link, MAX_GROUP_DEPTH, Section, format_chain, format_frame};
use crate::compile::anchors::PythonSyntax;
use crate::compile::source::Source;
use crate::compile::syntax_error::{ErrorKind, Stage, SyntaxError};
use crate::object::exception::{Exception, Traceback};
use crate::object::header::Ref;
use crate::object::sequence::{List, Tuple};
use crate::object::str::{Str, system};
use crate::object::value::Value;
use crate::vm::exceptions::field;
use crate::vm::{Exc, Vm};

/// What has been met of the exceptions of one traceback.
#[derive(Default)]
struct Seen {
    words: FxHashSet<u64>,
    group_depth: usize,
}

/// Sources that are not files: what a host ran as text, by the file name that its code has.
#[derive(Default)]
pub(super) struct Sources {
    texts: RefCell<FxHashMap<String, Vec<String>>>,
}

impl Sources {
    /// Remembers a source for tracebacks; a later one of the same name takes its place.
    pub fn remember(&self, file: &str, bytes: &[u8]) {
        let lines = lines_of(file, bytes);
        self.texts.borrow_mut().insert(file.to_owned(), lines);
    }
}

/// The lines of a source, decoded as the compiler does it; what cannot be decoded has no lines.
fn lines_of(file: &str, bytes: &[u8]) -> Vec<String> {
    match Source::from_bytes(file, bytes) {
        Ok(source) => source.text().lines().map(str::to_owned).collect(),
        Err(_) => Vec::new(),
    }
}

/// Lines for one traceback: of remembered sources, and of files as they are now.
struct SourceLines<'a> {
    sources: &'a Sources,
    files: RefCell<FxHashMap<String, Vec<String>>>,
}

impl Lines for SourceLines<'_> {
    fn line(&self, file: &str, line: u32) -> Option<String> {
        let index = (line as usize).checked_sub(1)?;
        if let Some(lines) = self.sources.texts.borrow().get(file) {
            return lines.get(index).cloned();
        }
        let mut files = self.files.borrow_mut();
        let read = || std::fs::read(file).or_else(|_| std::fs::read(system::unshown(file)));
        let lines = files
            .entry(file.to_owned())
            .or_insert_with(|| read().map(|bytes| lines_of(file, &bytes)).unwrap_or_default());
        lines.get(index).cloned()
    }
}

/// The text of an uncaught exception, with those that led to it.
pub(super) fn format(vm: &mut Vm, e: &Exc, sources: &Sources) -> String {
    let chain = chain(vm, &e.0, &mut Seen::default());
    format_chain(&chain, &SourceLines { sources, files: RefCell::default() }, &PythonSyntax)
}

/// The frames that an exception passed, as CPython writes those of an exception that nobody can catch: without carets.
/// Sources are files as they are now.
pub(super) fn format_frames(e: &Exc) -> String {
    let Some(outermost) = e.0.downcast::<Exception>().and_then(|x| x.traceback.get()) else { return String::new() };
    let lines = SourceLines { sources: &Sources::default(), files: RefCell::default() };
    let plain = |f| format_frame(&Frame { column: None, end_column: None, ..f }, &lines, &PythonSyntax);
    let frames: String = frames(&outermost).into_iter().map(plain).collect();
    format!("Traceback (most recent call last):\n{frames}")
}

/// A 1-based line of a source file as it is now.
pub(super) fn source_line(file: &str, line: u32) -> Option<String> {
    SourceLines { sources: &Sources::default(), files: RefCell::default() }.line(file, line)
}

/// The exception and what it came after, oldest first.
fn chain(vm: &mut Vm, last: &Value, seen: &mut Seen) -> Vec<Section> {
    let mut chain = Vec::new();
    let mut at = last.clone();
    loop {
        seen.words.insert(at.bits());
        let Some(x) = at.downcast::<Exception>().cloned() else { break };
        let unseen = |v: &Value| !seen.words.contains(&v.bits());
        let cause = x.cause.get();
        let before = match cause {
            Some(c) => Some((Link::Cause, c)).filter(|(_, c)| unseen(c)),
            None if x.suppress_context.get() => None,
            None => x.context.get().map(|c| (Link::Context, c)).filter(|(_, c)| unseen(c)),
        };
        if let Some((_, before)) = &before {
            seen.words.insert(before.bits());
        }
        let mut section = section(vm, &at, seen);
        section.link = before.as_ref().map(|(link, _)| *link);
        chain.push(section);
        match before {
            Some((_, next)) => at = next,
            None => break,
        }
    }
    chain.reverse();
    chain
}

fn section(vm: &mut Vm, e: &Value, seen: &mut Seen) -> Section {
    let (type_name, message) = vm.exception_text(&Exc(e.clone()));
    let mut message = message.map(|m| m.to_string_lossy().into_owned()).unwrap_or_default();
    message += &vm.hint(&Exc(e.clone()));
    let Some(x) = e.downcast::<Exception>().cloned() else { return Section::default() };
    let frames = x.traceback.get().map(|t| frames(&t));
    let is_syntax_error = e.class(&vm.heap).is_subclass(&vm.types().SyntaxError);
    let display = if is_syntax_error { Some(syntax_display(vm, &x, &type_name)) } else { None };
    let group = vm.as_group(e).is_some().then(|| {
        let members = vm.group_members(&x);
        if seen.group_depth > MAX_GROUP_DEPTH {
            return Vec::new();
        }
        seen.group_depth += 1;
        let chains = members.iter().map(|m| chain(vm, m, seen)).collect();
        seen.group_depth -= 1;
        chains
    });
    Section { link: None, frames, type_name, message, display, notes: notes(vm, e), group }
}

fn frames(outermost: &Ref<Traceback>) -> Vec<Frame> {
    let mut frames = Vec::new();
    let mut at = Some(outermost.clone());
    while let Some(t) = at {
        let data = &t.code.data;
        let position = data.positions.get(t.instruction as usize);
        let known = |n: i32| u32::try_from(n).ok();
        let line = t.line().and_then(known).unwrap_or(known(data.first_line).unwrap_or(0));
        frames.push(Frame {
            file: data.file.clone(),
            name: data.name.clone(),
            line,
            end_line: position.and_then(|p| known(p.end_line)).unwrap_or(line),
            column: position.and_then(|p| known(p.column)),
            end_column: position.and_then(|p| known(p.end_column)),
        });
        at = t.next.get();
    }
    frames
}

/// What is shown for a SyntaxError: place, line, carets, and the message without the place that `str()` adds.
fn syntax_display(vm: &mut Vm, x: &Ref<Exception>, type_name: &str) -> String {
    let text = |v: Option<Value>| v.and_then(|v| v.downcast::<Str>().map(|s| s.to_string_lossy().into_owned()));
    let number = |v: Option<Value>| v.and_then(|v| v.as_small_int());
    let message = match x.field(field::SYNTAX_MSG).filter(|m| !m.is_none()) {
        Some(m) => vm.str(&m).map(|m| m.to_string_lossy().into_owned()).unwrap_or_default(),
        None => "<no detail available>".to_owned(),
    };
    let file = text(x.field(field::SYNTAX_FILENAME));
    let Some(line) = number(x.field(field::SYNTAX_LINENO)) else {
        let place = file.map(|f| format!(" ({f})")).unwrap_or_default();
        return format!("{type_name}: {message}{place}");
    };
    let column = |i| number(x.field(i)).and_then(|n| i32::try_from(n).ok());
    let error = SyntaxError {
        kind: ErrorKind::Syntax,
        stage: Stage::Parse,
        msg: String::new(),
        file: file.unwrap_or_else(|| "<string>".to_owned()).into(),
        line: u32::try_from(line).unwrap_or(0),
        offset: column(field::SYNTAX_OFFSET).and_then(|n| u32::try_from(n).ok()).unwrap_or(0),
        end_line: column(field::SYNTAX_END_LINENO).and_then(|n| u32::try_from(n).ok()).unwrap_or(0),
        end_offset: column(field::SYNTAX_END_OFFSET).unwrap_or(0),
        text: text(x.field(field::SYNTAX_TEXT)),
    };
    let shown = error.to_string();
    // Its last line names the class, which here may be a subclass made by the program.
    let place = shown.rsplit_once('\n').map_or("", |(place, _)| place);
    if place.is_empty() { format!("{type_name}: {message}") } else { format!("{place}\n{type_name}: {message}") }
}

fn notes(vm: &mut Vm, e: &Value) -> Vec<String> {
    let name = vm.intern("__notes__");
    let notes = match vm.get_attr_opt(e, &name) {
        Ok(Some(notes)) if !notes.is_none() => notes,
        Ok(_) => return Vec::new(),
        Err(error) => {
            let shown = vm.repr(&error.0).map(|r| r.to_string()).unwrap_or_default();
            return vec![format!("Ignored error getting __notes__: {shown}")];
        }
    };
    let items = match (notes.downcast::<List>(), notes.downcast::<Tuple>()) {
        (Some(list), _) => list.to_vec(),
        (_, Some(tuple)) => tuple.to_vec(),
        _ => {
            let shown = vm.repr(&notes).map(|r| r.to_string());
            return vec![shown.unwrap_or_else(|_| "<__notes__ repr() failed>".to_owned())];
        }
    };
    items.iter().map(|n| vm.str(n).map_or_else(|_| "<note str() failed>".to_owned(), |s| s.to_string())).collect()
}
