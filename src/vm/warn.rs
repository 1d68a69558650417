//! Warnings, with the filters that CPython starts with: shown on standard error, once for each place.

use super::output::Stream;
use crate::object::header::Ref;
use crate::object::str::Str;
use crate::object::types::Type;
use crate::vm::{R, Vm};

/// A warning that has been shown: class, text, file, line.
pub type Shown = (usize, String, String, u32);

impl Vm {
    /// Warns of what the running line of Python code does.
    pub fn warn(&mut self, category: &Ref<Type>, text: &str) -> R<()> {
        let (file, line) = self.warning_place();
        self.warn_at(category, text, &file, line, "")
    }

    /// The same, of an object that might have told where it was allocated.
    pub(super) fn warn_of_object(&mut self, category: &Ref<Type>, text: &str) -> R<()> {
        let (file, line) = self.warning_place();
        let class = category.name_str();
        let more = match self.stack.frame() {
            Some(_) => format!("{class}: Enable tracemalloc to get the object allocation traceback\n"),
            None => String::new(),
        };
        self.warn_at(category, text, &file, line, &more)
    }

    /// CPython names `sys` as the place where no Python code runs.
    fn warning_place(&self) -> (String, u32) {
        match self.stack.frame() {
            Some(f) => (f.code().data.file.clone(), f.line().unwrap_or(0).max(0) as u32),
            None => ("<sys>".to_owned(), 0),
        }
    }

    /// Warns of a place in a file; `more` are lines behind the one of source.
    pub fn warn_at(&mut self, category: &Ref<Type>, text: &str, file: &str, line: u32, more: &str) -> R<()> {
        let t = self.types();
        let hidden = [&t.PendingDeprecationWarning, &t.ImportWarning, &t.ResourceWarning];
        let deprecated = category.is_subclass(&t.DeprecationWarning);
        if hidden.into_iter().any(|class| category.is_subclass(class)) || (deprecated && !self.runs_main()) {
            return Ok(());
        }
        let key = (category.as_ptr() as usize, text.to_owned(), file.to_owned(), line);
        if !self.native.warnings_shown.insert(key) {
            return Ok(());
        }
        let mut shown = format!("{file}:{line}: {}: {text}\n", category.name_str());
        if let Some(source) = self.source_line(file, line) {
            shown.push_str(&format!("  {}\n", source.trim()));
        }
        shown.push_str(more);
        // Nobody is left to tell of an error of the stream.
        let _ = self.output.write(Stream::Stderr, shown.as_bytes());
        Ok(())
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
