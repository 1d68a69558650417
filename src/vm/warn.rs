//! Warnings.  Once a program has loaded the library's `warnings`, that decides what becomes of them; until then the filters
//! that CPython starts with do, and they are shown on standard error, once for each place.

use super::output::Stream;
use crate::object::dict::Dict;
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::{R, Vm};

/// A warning that has been shown: class, text, file, line.
pub type Shown = (usize, String, String, u32);

/// What a warning is about.
struct Place {
    file: String,
    line: u32,
    /// The namespace of the module that is warned.
    globals: Option<Ref<Dict>>,
    /// The same is not shown there again.
    once: bool,
}

impl Vm {
    /// Warns of what the running line of Python code does.
    ///
    /// # Errors
    /// The warning itself where the program's filters make errors of such warnings, and what they raise.
    pub fn warn(&mut self, category: &Ref<Type>, text: &str) -> R<()> {
        let place = self.warning_place();
        self.issue(category, text, &place, None)
    }

    /// The same, of an object that might have told where it was allocated.
    ///
    /// # Errors
    /// As for [`warn`](Vm::warn).
    pub fn warn_of_object(&mut self, category: &Ref<Type>, text: &str, source: &Value) -> R<()> {
        let place = self.warning_place();
        self.issue(category, text, &place, Some(source))
    }

    /// Warns of a place in a file.
    ///
    /// # Errors
    /// As for [`warn`](Vm::warn).
    pub fn warn_at(&mut self, category: &Ref<Type>, text: &str, file: &str, line: u32) -> R<()> {
        self.issue(category, text, &Place { file: file.to_owned(), line, globals: None, once: false }, None)
    }

    /// CPython names `sys` as the place where no Python code runs.
    fn warning_place(&self) -> Place {
        match self.stack.frame() {
            Some(f) => Place {
                file: f.code().data.file.clone(),
                line: f.line().unwrap_or(0).max(0) as u32,
                globals: Some(f.function.globals.clone()),
                once: true,
            },
            None => Place { file: "<sys>".to_owned(), line: 0, globals: None, once: true },
        }
    }

    fn issue(&mut self, category: &Ref<Type>, text: &str, place: &Place, source: Option<&Value>) -> R<()> {
        match self.library_warnings("warn_explicit") {
            Some(warn_explicit) => self.warn_by_library(&warn_explicit, category, text, place, source),
            None => {
                self.show_warning(category, text, place, source.is_some());
                Ok(())
            }
        }
    }

    /// A function of the library's `warnings`, if that has been loaded as far.
    pub(super) fn library_warnings(&self, name: &str) -> Option<Value> {
        let module = self.modules.get_str(&self.intern("warnings"))?;
        module.downcast::<Module>()?.dict.get_str(&self.intern(name))
    }

    /// `warn_explicit(text, category, file, line, module, registry, None, source)`.
    fn warn_by_library(
        &mut self,
        warn_explicit: &Value,
        category: &Ref<Type>,
        text: &str,
        place: &Place,
        source: Option<&Value>,
    ) -> R<()> {
        let (mut module, mut registry) = (Value::NONE, Value::NONE);
        if let Some(globals) = &place.globals {
            let name = globals.get_str(&self.types().names.__name__).filter(|n| n.downcast::<Str>().is_some());
            module = name.unwrap_or_else(|| self.new_str("<string>"));
            let key = self.intern("__warningregistry__");
            registry = globals.get_str(&key).unwrap_or_else(|| {
                let new: Value = Dict::new(&self.heap).into();
                drop(globals.set_str(&self.heap, &key, new.clone()));
                new
            });
        }
        let (text, file) = (self.new_str(text), self.new_str(&place.file));
        let line = Value::from_len(place.line as usize);
        let source = source.cloned().unwrap_or(Value::NONE);
        let args = [text, category.to_value(), file, line, module, registry, Value::NONE, source];
        self.call(warn_explicit, &args).map(drop)
    }

    fn show_warning(&mut self, category: &Ref<Type>, text: &str, place: &Place, of_object: bool) {
        let t = self.types();
        let hidden = [&t.PendingDeprecationWarning, &t.ImportWarning, &t.ResourceWarning];
        let deprecated = category.is_subclass(&t.DeprecationWarning);
        if hidden.into_iter().any(|class| category.is_subclass(class)) || (deprecated && !self.runs_main()) {
            return;
        }
        let Place { file, line, .. } = place;
        let key = (category.as_ptr() as usize, text.to_owned(), file.clone(), *line);
        if place.once && !self.native.warnings_shown.insert(key) {
            return;
        }
        let mut shown = format!("{file}:{line}: {}: {text}\n", category.name_str());
        if let Some(source) = self.source_line(file, *line) {
            shown.push_str(&format!("  {}\n", source.trim()));
        }
        if of_object && place.globals.is_some() {
            let class = category.name_str();
            shown.push_str(&format!("{class}: Enable tracemalloc to get the object allocation traceback\n"));
        }
        // Nobody is left to tell of an error of the stream.
        let _ = self.output.write(Stream::Stderr, shown.as_bytes());
    }

    fn runs_main(&self) -> bool {
        let names = &self.types().names;
        let name = self.current_globals().and_then(|g| g.get_str(&names.__name__));
        name.and_then(|n| n.downcast::<Str>().map(|s| s.as_ascii() == Some("__main__"))).unwrap_or(false)
    }

    /// A line of a source, if it can be had.
    pub(super) fn source_line(&self, file: &str, line: u32) -> Option<String> {
        let importer = self.imports.importer.clone()?;
        importer.source_line(file, line).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }
}
