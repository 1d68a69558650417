//! Exceptions that nobody can catch, as those of finalizers: `sys.unraisablehook` is told of them.

use super::output::Stream;
use crate::object::exception::Exception;
use crate::object::function::Module;
use crate::object::sequence::Tuple;
use crate::object::value::Value;
use crate::vm::{Exc, R, Vm};

impl Vm {
    /// Tells the hook of an exception that came out of `from`.
    pub fn report_unraisable(&mut self, e: Exc, from: &Value) {
        self.report_ignored(e, None, Some(from));
    }

    /// Tells the hook of an exception: `message` says what ignores it, `object` where it came from.
    pub fn report_ignored(&mut self, e: Exc, message: Option<&str>, object: Option<&Value>) {
        self.add_first_traceback(&e);
        let message = message.map(|text| self.new_str(text));
        let (Some(hook), Some(class)) = (self.own_hook("unraisablehook"), self.native.unraisable_class.clone()) else {
            // Nobody is left to tell of an error of the file.
            let _ = self.show_ignored(e, message.as_ref(), object);
            return;
        };
        let class_of_e = e.0.class(&self.heap).to_value();
        let traceback = e.0.downcast::<Exception>().and_then(|x| x.traceback.get()).map_or(Value::NONE, Value::from);
        let optional = |v: Option<&Value>| v.cloned().unwrap_or(Value::NONE);
        let items = vec![class_of_e, e.0.clone(), traceback, optional(message.as_ref()), optional(object)];
        let args: Value = Tuple::new_of(&self.heap, &class, items).into();
        if let Err(failure) = self.call(&hook, &[args]) {
            let what = self.new_str("Exception ignored in sys.unraisablehook");
            let _ = self.show_ignored(failure, Some(&what), Some(&hook));
            let _ = self.show_ignored(e, message.as_ref(), object);
        }
    }

    /// Writes the exception and what was said of it to `sys.stderr`, as `sys.unraisablehook` itself does.
    pub fn show_ignored(&mut self, e: Exc, message: Option<&Value>, object: Option<&Value>) -> R<()> {
        let message = match message {
            Some(text) => Some(self.str(text)?.to_string()),
            None => None,
        };
        let object = object.map(|object| match self.repr(object) {
            Ok(text) => text.to_string(),
            Err(_) => "<object repr() failed>".to_owned(),
        });
        let head = match (message, object) {
            (Some(message), Some(object)) => format!("{message}: {object}\n"),
            (Some(message), None) => format!("{message}:\n"),
            (None, Some(object)) => format!("Exception ignored in: {object}\n"),
            (None, None) => String::new(),
        };
        let (name, text) = self.exception_text(&e);
        let text = text.map(|t| format!(": {t}")).unwrap_or_default();
        let frames = self.imports.importer.clone().map(|i| i.frames_text(&e)).unwrap_or_default();
        let all = format!("{head}{frames}{name}{text}\n");
        let (file, usual) = (self.of_sys("stderr"), self.of_sys("__stderr__"));
        match file {
            Some(file) if file.is_none() => Ok(()),
            Some(file) if usual.is_none_or(|usual| !file.is(&usual)) => {
                let write = self.types().names.write.clone();
                let all = self.new_str(&all);
                self.call_method(&file, &write, &[all]).map(drop)
            }
            _ => {
                let _ = self.write_stream(Stream::Stderr, all.as_bytes());
                Ok(())
            }
        }
    }

    /// A hook of `sys` that the program has put in the place of the usual one.
    pub fn own_hook(&self, name: &str) -> Option<Value> {
        let (hook, usual) = (self.of_sys(name), self.of_sys(&format!("__{name}__")));
        hook.filter(|hook| !hook.is_none() && usual.is_none_or(|usual| !hook.is(&usual)))
    }

    /// What `sys.<name>` is now.
    pub(super) fn of_sys(&self, name: &str) -> Option<Value> {
        let sys = self.modules.get_str(&self.intern("sys"))?;
        sys.downcast::<Module>()?.dict.get_str(&self.intern(name))
    }
}
