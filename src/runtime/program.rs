//! Running a script file as `__main__`.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use super::importer::{new_module, set};
use super::{Failure, Session};
use crate::builtins::compile;
use crate::object::function::Module;
use crate::object::sequence::List;
use crate::object::str::{Str, system};
use crate::object::value::Value;
use crate::vm::output::Stream;
use crate::vm::{Exc, R};

/// Why a script did not run to its end.
pub enum Stopped {
    /// It raised, or could not be compiled.
    Raised(Exc),
    /// There was nothing to run.  The text is what CPython prints.
    NotFound { error: Exc, text: String, status: i32 },
}

/// Names the process in messages about the script, where CPython has the path of its executable.
const PROGRAM: &str = "execmon";
/// CPython's exit status for a script that cannot be opened.
const CANNOT_OPEN: i32 = 2;

/// The absolute path by which code objects of a script name their file: not normalized, as CPython's.
pub fn script_file(script: &Path) -> PathBuf {
    let path = std::env::current_dir().unwrap_or_default().join(script);
    if path.is_dir() { path.join("__main__.py") } else { path }
}

/// A path as code objects name their file and as messages show it: text even where the path is not UTF-8.
pub fn shown_path(path: &Path) -> String {
    system::shown(path.as_os_str())
}

/// The folder of a script, with links resolved: the first entry of its `sys.path`.
pub fn script_folder(script: &Path) -> PathBuf {
    let path = std::env::current_dir().unwrap_or_default().join(script);
    let folder = match path.canonicalize() {
        Ok(real) if real.is_dir() => return real,
        Ok(real) => real.parent().map(Path::to_path_buf),
        Err(_) => path.parent().map(Path::to_path_buf),
    };
    folder.unwrap_or_default()
}

impl Session {
    /// Runs a file as `__main__`, with `sys.argv` the path and `args`, and the file's folder first in `sys.path`.  A
    /// folder stands for the `__main__.py` in it.  Standard output is flushed at the end; nothing is printed for a
    /// failure ([`report`](Session::report)).
    pub fn run_file(&mut self, path: &Path, args: &[OsString]) -> Result<(), Failure> {
        let result = self.execute_file(path, args);
        let result = result.map_err(|stopped| self.explain(stopped));
        // Whoever wants to know whether this worked flushes again.
        let _ = self.flush();
        result
    }

    /// The same without making texts of a failure, which may run code of the program: what watches the program is
    /// stopped before [`explain`](Session::explain).
    pub fn execute_file(&mut self, path: &Path, args: &[OsString]) -> Result<(), Stopped> {
        let file = script_file(path);
        let bytes = std::fs::read(&file).map_err(|e| self.cannot_open(path, &file, &e))?;
        let argv: Vec<&OsStr> = std::iter::once(path.as_os_str()).chain(args.iter().map(OsString::as_os_str)).collect();
        self.set_sys("argv", &argv);
        self.set_script_folder(&script_folder(path));
        self.run_main(&file, &bytes).map_err(Stopped::Raised)
    }

    fn run_main(&mut self, file: &Path, bytes: &[u8]) -> R<()> {
        let vm = &mut *self.vm;
        let (module, dict) = new_module(vm, "__main__");
        let file_value = Str::from_system(&vm.heap, file.as_os_str()).into();
        set(vm, &dict, "__file__", file_value);
        set(vm, &dict, "__cached__", Value::NONE);
        let name = vm.intern("__main__");
        drop(vm.modules.set_str(&vm.heap, &name, module));
        let code = compile::compile_source(vm, &shown_path(file), bytes)?;
        self.parts().importer.clone().run(&mut self.vm, &code, &dict).map(drop)
    }

    /// Makes the plain data of what stopped a script.
    pub fn explain(&mut self, stopped: Stopped) -> Failure {
        match stopped {
            Stopped::Raised(e) => self.failure(e),
            Stopped::NotFound { error, text, status } => Failure::before_start(&mut self.vm, error, text, status),
        }
    }

    fn cannot_open(&mut self, script: &Path, file: &Path, e: &io::Error) -> Stopped {
        let asked = std::env::current_dir().unwrap_or_default().join(script);
        let is_folder = asked.is_dir();
        let missing = if is_folder { &asked } else { file };
        let shown = shown_path(missing);
        let errno = e.raw_os_error().unwrap_or(libc::EIO);
        let name = Str::from_system(&self.vm.heap, missing.as_os_str()).into();
        let error = self.vm.os_error(errno, Some(&name));
        if is_folder {
            let text = format!("{PROGRAM}: can't find '__main__' module in '{shown}'\n");
            return Stopped::NotFound { error, text, status: 1 };
        }
        let why = e.to_string();
        let why = why.split(" (os error").next().unwrap_or_default();
        let text = format!("{PROGRAM}: can't open file '{shown}': [Errno {errno}] {why}\n");
        Stopped::NotFound { error, text, status: CANNOT_OPEN }
    }

    /// Passes on what the program's standard output holds back.
    pub fn flush(&mut self) -> io::Result<()> {
        self.vm.flush_stream(Stream::Stdout)
    }

    /// Sets a name of `sys` to a list of strs.
    pub(super) fn set_sys(&mut self, name: &str, items: &[impl AsRef<OsStr>]) {
        let items = items.iter().map(|i| Str::from_system(&self.vm.heap, i.as_ref()).into()).collect();
        let list = List::new(&self.vm.heap, items);
        self.set_sys_value(name, list.into());
    }

    fn set_sys_value(&mut self, name: &str, value: Value) {
        let sys = self.vm.modules.get_str(&self.vm.intern("sys"));
        if let Some(sys) = sys.as_ref().and_then(|s| s.downcast::<Module>()) {
            set(&self.vm, &sys.dict, name, value);
        }
    }

    /// Puts the folder first in `sys.path`, in the place of an earlier script's.
    fn set_script_folder(&mut self, folder: &Path) {
        let sys = self.vm.modules.get_str(&self.vm.intern("sys"));
        let path = sys.and_then(|s| s.downcast::<Module>()?.dict.get_str(&self.vm.intern("path")));
        let mut items = path.and_then(|p| p.downcast::<List>().map(|l| l.to_vec())).unwrap_or_default();
        let first = Str::from_system(&self.vm.heap, folder.as_os_str()).into();
        if self.parts().script_folder.take().is_some() && !items.is_empty() {
            items.remove(0);
        }
        items.insert(0, first);
        self.parts().script_folder.replace(Some(folder.to_path_buf()));
        let list = List::new(&self.vm.heap, items);
        self.set_sys_value("path", list.into());
    }
}
