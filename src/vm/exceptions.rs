//! Making, matching and chaining exceptions.

use crate::object::exception::Exception;
use crate::object::header::Ref;
use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::{Exc, R, Vm};

/// Positions in [`Exception::fields`], per family of classes (no class is of two families: their layouts conflict).
pub mod field {
    pub const STOP_VALUE: usize = 0;
    pub const GROUP_MESSAGE: usize = 0;
    pub const GROUP_EXCEPTIONS: usize = 1;
    pub const EXIT_CODE: usize = 0;
    pub const ATTRIBUTE_NAME: usize = 0;
    pub const ATTRIBUTE_OBJ: usize = 1;
    /// `NameError.name`.
    pub const NAME: usize = 0;
    pub const IMPORT_MSG: usize = 0;
    pub const IMPORT_NAME: usize = 1;
    pub const IMPORT_PATH: usize = 2;
    pub const IMPORT_NAME_FROM: usize = 3;
    pub const ERRNO: usize = 0;
    pub const STRERROR: usize = 1;
    pub const FILENAME: usize = 2;
    pub const FILENAME2: usize = 3;
    pub const WRITTEN: usize = 4;
    pub const SYNTAX_MSG: usize = 0;
    pub const SYNTAX_FILENAME: usize = 1;
    pub const SYNTAX_LINENO: usize = 2;
    pub const SYNTAX_OFFSET: usize = 3;
    pub const SYNTAX_TEXT: usize = 4;
    pub const SYNTAX_END_LINENO: usize = 5;
    pub const SYNTAX_END_OFFSET: usize = 6;
    pub const SYNTAX_PRINT: usize = 7;
    pub const UNICODE_ENCODING: usize = 0;
    pub const UNICODE_OBJECT: usize = 1;
    pub const UNICODE_START: usize = 2;
    pub const UNICODE_END: usize = 3;
    pub const UNICODE_REASON: usize = 4;
}

/// What a `SyntaxError` tells: plain data of the compiler.  Lines and columns count from 1, columns in code points.
#[derive(Clone, Debug, Default)]
pub struct SyntaxErrorData {
    pub message: String,
    pub filename: String,
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    /// -1 and 0 both mean that there is none.
    pub end_column: i32,
    /// The line of source, with its newline.
    pub text: Option<String>,
    pub kind: SyntaxErrorKind,
    /// `args` has the message alone.
    pub bare_args: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SyntaxErrorKind {
    #[default]
    Syntax,
    Indentation,
    Tab,
}

impl Exception {
    /// A member beside `args`, if it is set.
    pub fn field(&self, i: usize) -> Option<Value> {
        self.fields.borrow().get(i).cloned().flatten()
    }

    /// Sets a member, or deletes it.
    pub fn set_field(&self, i: usize, v: Option<Value>) {
        let old = {
            let mut fields = self.fields.borrow_mut();
            if fields.len() <= i {
                fields.resize(i + 1, None);
            }
            std::mem::replace(&mut fields[i], v)
        };
        drop(old);
    }
}

impl Vm {
    /// Fills the members of an exception that native code makes without running `__init__`, as that would from `args`.
    pub(super) fn init_fields(&self, x: &Ref<Exception>) {
        let t = self.types();
        let class = x.ty();
        let args = x.args.get();
        let first = || args.first().cloned().unwrap_or(Value::NONE);
        let given = || args.iter().cloned().map(Some);
        let fields: Vec<Option<Value>> = if class.is_subclass(&t.StopIteration) {
            vec![Some(first())]
        } else if class.is_subclass(&t.SystemExit) {
            vec![Some(if args.len() > 1 { args.to_value() } else { first() })]
        } else if class.is_subclass(&t.ImportError) && args.len() == 1 {
            vec![Some(first())]
        } else if class.is_subclass(&t.OSError) && args.len() >= 2 {
            given().take(2).collect()
        } else if class.is_subclass(&t.SyntaxError) && !args.is_empty() {
            let details = args.get(1).and_then(|d| d.downcast::<Tuple>());
            let details = details.map(|d| d.to_vec()).unwrap_or_default();
            std::iter::once(Some(first())).chain(details.into_iter().map(Some)).collect()
        } else if args.len() == 5
            && (class.is_subclass(&t.UnicodeDecodeError) || class.is_subclass(&t.UnicodeEncodeError))
        {
            given().collect()
        } else if args.len() == 4 && class.is_subclass(&t.UnicodeTranslateError) {
            std::iter::once(None).chain(given()).collect()
        } else {
            return;
        };
        x.fields.set(fields);
    }

    fn with_fields(&mut self, class: &Ref<Type>, args: Vec<Value>, fields: Vec<Option<Value>>) -> Exc {
        let x = self.new_exception(class, &args);
        x.fields.set(fields);
        Exc(x.into())
    }

    /// Refuses text with surrogates, which has no UTF-8: where CPython wants that of a str.
    pub fn check_utf8(&mut self, s: &Ref<Str>) -> R<()> {
        let is_surrogate = |p: u32| (0xd800..0xe000).contains(&p);
        let Some(start) = s.points().position(is_surrogate) else { return Ok(()) };
        let end = start + s.points().skip(start).take_while(|&p| is_surrogate(p)).count();
        let class = self.types().UnicodeEncodeError.clone();
        let (encoding, reason) = (self.new_str("utf-8"), self.new_str("surrogates not allowed"));
        Err(self.exception(&class, vec![encoding, s.to_value(), Value::from_len(start), Value::from_len(end), reason]))
    }

    /// The StopIteration that ends an iterator with a value (`return` of a generator).
    pub fn stop_iteration(&mut self, value: Value) -> Exc {
        let class = self.types().StopIteration.clone();
        let args = if value.is_none() { vec![] } else { vec![value.clone()] };
        self.with_fields(&class, args, vec![Some(value)])
    }

    /// `'A' object has no attribute 'x'`, with the members `name` and `obj`.
    #[cold]
    pub fn attribute_error(&mut self, o: &Value, name: &Ref<Str>) -> Exc {
        self.no_attribute(o, name)
    }

    /// An AttributeError with this text and the members `name` and `obj`.
    #[cold]
    pub fn attribute_error_of(&mut self, text: &str, o: &Value, name: &Ref<Str>) -> Exc {
        let class = self.types().AttributeError.clone();
        let text = self.new_str(text);
        self.with_fields(&class, vec![text], vec![Some(name.to_value()), Some(o.clone())])
    }

    /// `name 'x' is not defined`.
    #[cold]
    pub fn name_error(&mut self, name: &Ref<Str>) -> Exc {
        self.name_error_saying(name, &format!("name '{name}' is not defined"))
    }

    /// The same with a text of its own.
    #[cold]
    pub fn name_error_saying(&mut self, name: &Ref<Str>, text: &str) -> Exc {
        let class = self.types().NameError.clone();
        let text = self.new_str(text);
        self.with_fields(&class, vec![text], vec![Some(name.to_value())])
    }

    /// An ImportError, or a ModuleNotFoundError: text, name of the module, its file, and the name that `from` asked for.
    #[cold]
    pub fn import_error(
        &mut self,
        not_found: bool,
        text: &str,
        name: Option<Value>,
        path: Option<Value>,
        name_from: Option<Value>,
    ) -> Exc {
        let t = self.types();
        let class = if not_found { t.ModuleNotFoundError.clone() } else { t.ImportError.clone() };
        let text = self.new_str(text);
        self.with_fields(&class, vec![text.clone()], vec![Some(text), name, path, name_from])
    }

    /// The OSError of an error number of the operating system, of the subclass that stands for it.
    #[cold]
    pub fn os_error(&mut self, errno: i32, filename: Option<&Value>) -> Exc {
        let class = self.os_error_class(errno as i64).unwrap_or_else(|| self.types().OSError.clone());
        let full = std::io::Error::from_raw_os_error(errno).to_string();
        let text = full.split(" (os error").next().unwrap_or_default();
        let (number, text) = (Value::int_unchecked(errno as i64), self.new_str(text));
        let fields = vec![Some(number.clone()), Some(text.clone()), filename.cloned()];
        self.with_fields(&class, vec![number, text], fields)
    }

    /// The subclass of OSError for an error number (Linux's numbers), if there is one.
    pub fn os_error_class(&self, errno: i64) -> Option<Ref<Type>> {
        let t = self.types();
        let class = match errno {
            11 | 114 | 115 => &t.BlockingIOError,
            32 | 108 => &t.BrokenPipeError,
            10 => &t.ChildProcessError,
            103 => &t.ConnectionAbortedError,
            111 => &t.ConnectionRefusedError,
            104 => &t.ConnectionResetError,
            17 => &t.FileExistsError,
            2 => &t.FileNotFoundError,
            4 => &t.InterruptedError,
            21 => &t.IsADirectoryError,
            20 => &t.NotADirectoryError,
            1 | 13 => &t.PermissionError,
            3 => &t.ProcessLookupError,
            110 => &t.TimeoutError,
            _ => return None,
        };
        Some(class.clone())
    }

    /// A SyntaxError with all of its members.
    #[cold]
    pub fn syntax_error(&mut self, e: &SyntaxErrorData) -> Exc {
        let t = self.types();
        let class = match e.kind {
            SyntaxErrorKind::Syntax => &t.SyntaxError,
            SyntaxErrorKind::Indentation => &t.IndentationError,
            SyntaxErrorKind::Tab => &t.TabError,
        }
        .clone();
        let number = |n: u32| Value::from_len(n as usize);
        let text = e.text.as_ref().map_or(Value::NONE, |t| self.new_str(t));
        let (message, filename) = (self.new_str(&e.message), self.new_str(&e.filename));
        let details = [
            filename,
            number(e.line),
            number(e.column),
            text,
            number(e.end_line),
            Value::int_unchecked(e.end_column.into()),
        ];
        let fields = std::iter::once(&message).chain(&details).cloned().map(Some).collect();
        let mut args = vec![message];
        if !e.bare_args {
            args.push(Tuple::new(&self.heap, details).into());
        }
        self.with_fields(&class, args, fields)
    }

    fn exception_class<'a>(&self, v: &'a Value) -> Option<&'a Ref<Type>> {
        v.downcast::<Type>().filter(|t| t.is_subclass(&self.types().BaseException))
    }

    /// Whether `except class_or_tuple` catches an exception.
    pub fn exception_matches(&mut self, e: &Value, class_or_tuple: &Value) -> R<bool> {
        let single = std::slice::from_ref(class_or_tuple);
        let classes: &[Value] = match class_or_tuple.downcast::<Tuple>() {
            Some(t) => t,
            None => single,
        };
        if classes.iter().any(|c| self.exception_class(c).is_none()) {
            return Err(self.type_error("catching classes that do not inherit from BaseException is not allowed"));
        }
        let of = e.class(&self.heap);
        Ok(classes.iter().filter_map(|c| self.exception_class(c)).any(|c| of.is_subclass(c)))
    }

    /// What `raise` of a class or instance raises.
    pub fn make_exception(&mut self, v: &Value) -> R<Exc> {
        self.exception_from(v, "exceptions must derive from BaseException")
    }

    /// The exception or None of `raise ... from v`.
    pub fn make_cause(&mut self, v: &Value) -> R<Option<Exc>> {
        if v.is_none() {
            return Ok(None);
        }
        self.exception_from(v, "exception causes must derive from BaseException").map(Some)
    }

    fn exception_from(&mut self, v: &Value, otherwise: &str) -> R<Exc> {
        if v.downcast::<Exception>().is_some() {
            return Ok(Exc(v.clone()));
        }
        if self.exception_class(v).is_none() {
            return Err(self.type_error(otherwise));
        }
        self.make_exception_with(v, &[])
    }

    /// An exception of a class, made with these arguments; the class may give something else, which is a TypeError.
    pub fn make_exception_with(&mut self, class: &Value, args: &[Value]) -> R<Exc> {
        let made = self.call(class, args)?;
        if made.downcast::<Exception>().is_some() {
            return Ok(Exc(made));
        }
        let got = made.class(&self.heap).to_value();
        let (class, got) = (self.repr(class)?, self.repr(&got)?);
        Err(self.type_error(format!("calling {class} should have returned an instance of BaseException, not {got}")))
    }

    /// Gives a new exception the one that was being handled as its context, and breaks the cycle that this may close.
    pub fn set_context(&mut self, new: &Exc, old: &Value) {
        let Some(x) = new.0.downcast::<Exception>() else { return };
        if new.0.is(old) {
            return;
        }
        // The chain of contexts may be a cycle already: the second walker goes at half the speed.
        let mut at = old.clone();
        let mut slow = old.clone();
        let mut step = false;
        while let Some(o) = at.downcast::<Exception>().cloned() {
            let Some(next) = o.context.get() else { break };
            if next.is(&new.0) {
                o.context.set(None);
                break;
            }
            at = next;
            if at.is(&slow) {
                break;
            }
            if step && let Some(next) = slow.downcast::<Exception>().and_then(|s| s.context.get()) {
                slow = next;
            }
            step = !step;
        }
        x.context.set(Some(old.clone()));
    }

    /// Class and message of an exception as a traceback prints them (`mymod.MyError`, `text`).  A `__str__` that fails
    /// gives `<exception str() failed>`; an empty message prints without colon.
    pub fn exception_text(&mut self, e: &Exc) -> (String, Option<Ref<Str>>) {
        let class = e.0.class(&self.heap).clone();
        let module = class.lookup(&self.types().names.__module__);
        let qualname = class.qualname_str();
        let name = match module.as_ref().and_then(|m| m.downcast::<Str>()) {
            Some(m) if !matches!(m.as_ascii(), Some("builtins" | "__main__")) => format!("{m}.{qualname}"),
            _ => qualname,
        };
        let message = match self.str(&e.0) {
            Ok(s) if s.is_empty() => None,
            Ok(s) => Some(s),
            Err(_) => Some(Str::new(&self.heap, "<exception str() failed>")),
        };
        (name, message)
    }
}
