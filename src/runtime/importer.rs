//! Where modules come from: the native ones, then the folders of `sys.path` or of a package's `__path__`.

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::library::Library;
use super::program::shown_path;
use crate::builtins::compile::compile_source;
use crate::builtins::modules;
use crate::monitor::Code as Registered;
use crate::object::dict::Dict;
use crate::object::function::{Code, Module};
use crate::object::header::Ref;
use crate::object::sequence::List;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::import::Importer;
use crate::vm::{Exc, R, Vm};

/// Told of the code objects of each module before it runs: of the module's own and of all that are nested in it.
pub type CodeObserver = Rc<dyn Fn(&Registered)>;

/// Imports from source files.
#[derive(Default)]
pub(super) struct SourceImporter {
    pub observer: RefCell<Option<CodeObserver>>,
    /// Asked for what the folders do not have.
    pub library: RefCell<Option<Rc<dyn Library>>>,
    /// The observer is running, and is not told of code that it runs itself.
    observing: Cell<bool>,
}

/// What a search found.
enum Found {
    /// `name.py`.
    File(PathBuf),
    /// `name/__init__.py` in this folder.
    Package { folder: PathBuf, init: PathBuf },
    /// Folders without `__init__.py`, which together make a package.
    Namespace(Vec<PathBuf>),
}

impl Importer for SourceImporter {
    fn frames_text(&self, e: &Exc) -> String {
        super::traceback::format_frames(e)
    }

    fn traceback_text(&self, vm: &mut Vm, e: &Exc) -> String {
        super::traceback::format(vm, e, &super::traceback::Sources::default())
    }

    fn source_line(&self, file: &str, line: u32) -> Option<String> {
        super::traceback::source_line(file, line)
    }

    fn load(&self, vm: &mut Vm, name: &Ref<Str>, path: Option<&Value>) -> R<Option<Value>> {
        let text = name.to_string();
        if path.is_none()
            && let Some(module) = modules::make(vm, &text)?
        {
            return Ok(Some(module.into()));
        }
        let folders = search_path(vm, path)?;
        let last = text.rsplit('.').next().unwrap_or(&text);
        match find(&folders, last) {
            None => self.load_from_library(vm, name, &text),
            Some(Found::Namespace(folders)) => {
                let (module, dict) = new_module(vm, &text);
                let path = path_list(vm, &folders);
                set(vm, &dict, "__path__", path);
                set(vm, &dict, "__package__", name.to_value());
                drop(vm.modules.set_str(&vm.heap, name, module.clone()));
                Ok(Some(module))
            }
            Some(Found::File(file)) => {
                let package = text.rsplit_once('.').map_or("", |(parent, _)| parent).to_owned();
                self.run_new(vm, name, &file, &package, None).map(Some)
            }
            Some(Found::Package { folder, init }) => self.run_new(vm, name, &init, &text, Some(&folder)).map(Some),
        }
    }
}

impl SourceImporter {
    fn load_from_library(&self, vm: &mut Vm, name: &Ref<Str>, text: &str) -> R<Option<Value>> {
        let library = self.library.borrow().clone();
        let Some(found) = library.and_then(|l| l.module(text)) else { return Ok(None) };
        let parent = text.rsplit_once('.').map_or("", |(parent, _)| parent);
        let package = if found.is_package { text } else { parent };
        let folder = if found.is_package { Path::new(&found.file).parent() } else { None };
        self.run_bytes(vm, name, Path::new(&found.file), &found.source, package, folder).map(Some)
    }

    /// Makes a module of a file, enters it into `sys.modules` and runs it; takes it out again if it fails.
    fn run_new(&self, vm: &mut Vm, name: &Ref<Str>, file: &Path, package: &str, folder: Option<&Path>) -> R {
        match std::fs::read(file) {
            Ok(bytes) => self.run_bytes(vm, name, file, &bytes, package, folder),
            Err(e) => {
                let file = Str::from_system(&vm.heap, file.as_os_str()).into();
                Err(vm.os_error(e.raw_os_error().unwrap_or(libc::EIO), Some(&file)))
            }
        }
    }

    /// The same of a source that was read.
    fn run_bytes(
        &self,
        vm: &mut Vm,
        name: &Ref<Str>,
        file: &Path,
        source: &[u8],
        package: &str,
        folder: Option<&Path>,
    ) -> R {
        let (module, dict) = new_module(vm, &name.to_string());
        let package = vm.intern(package).to_value();
        set(vm, &dict, "__package__", package);
        if let Some(folder) = folder {
            let path = path_list(vm, &[folder.to_path_buf()]);
            set(vm, &dict, "__path__", path);
        }
        let file_value = Str::from_system(&vm.heap, file.as_os_str()).into();
        set(vm, &dict, "__file__", file_value);
        drop(vm.modules.set_str(&vm.heap, name, module.clone()));
        vm.imports.initializing.push(name.clone());
        let result = compile_source(vm, &shown_path(file), source).and_then(|code| self.run(vm, &code, &dict));
        vm.imports.initializing.pop();
        match result {
            // What the module has put in its own place counts.
            Ok(_) => match vm.modules.get_str(name) {
                Some(m) => Ok(m),
                None => Err(vm.key_error(name.as_value())),
            },
            Err(e) => {
                drop(vm.modules.remove_str(name));
                Err(e)
            }
        }
    }

    /// Runs the code of a module, after telling the observer of it.
    pub fn run(&self, vm: &mut Vm, code: &Ref<Code>, globals: &Ref<Dict>) -> R {
        // Cloned, because the observer may set another.
        let observer = self.observer.borrow().clone().filter(|_| !self.observing.get());
        if let Some(observer) = observer {
            self.observing.set(true);
            tell(vm, code, &observer);
            self.observing.set(false);
            // Perhaps the last of it, and dropping it runs code of the host.
            vm.lend(|| drop(observer));
        }
        vm.run_module_code(code, globals)
    }
}

fn tell(vm: &mut Vm, code: &Ref<Code>, observer: &CodeObserver) {
    // SAFETY: the reference keeps the code object alive during the call.
    if let Some(registered) = vm.register_code(unsafe { &*code.as_ptr() }) {
        vm.lend(|| observer(&registered));
    }
    code.consts.iter().filter_map(|c| c.downcast::<Code>()).for_each(|nested| tell(vm, nested, observer));
}

/// Sets a name of a module.
pub(super) fn set(vm: &Vm, dict: &Ref<Dict>, name: &str, value: Value) {
    drop(dict.set_str(&vm.heap, &vm.intern(name), value));
}

/// A module without code, with the names that every module has.
pub(super) fn new_module(vm: &mut Vm, name: &str) -> (Value, Ref<Dict>) {
    let dict = Dict::new(&vm.heap);
    let name = vm.intern(name).to_value();
    set(vm, &dict, "__name__", name);
    for name in ["__doc__", "__package__", "__loader__", "__spec__"] {
        set(vm, &dict, name, Value::NONE);
    }
    if let Some(builtins) = vm.modules.get_str(&vm.intern("builtins")) {
        set(vm, &dict, "__builtins__", builtins);
    }
    let module = vm.heap.alloc(&vm.types().module.clone(), Module { dict: dict.clone() });
    (module.into(), dict)
}

/// A list of folders as Python has it.
pub(super) fn path_list(vm: &Vm, folders: &[PathBuf]) -> Value {
    let items = folders.iter().map(|f| Str::from_system(&vm.heap, f.as_os_str()).into()).collect();
    List::new(&vm.heap, items).into()
}

/// The folders to search: of a package's `__path__`, or of `sys.path` as it is now.  What is no str is skipped, and an
/// empty one is the current folder.  Neither is one searched that no folder can have as its name.
fn search_path(vm: &mut Vm, path: Option<&Value>) -> R<Vec<PathBuf>> {
    let list = match path {
        Some(path) => path.clone(),
        None => {
            let sys = vm.modules.get_str(&vm.intern("sys"));
            let path = sys.and_then(|s| s.downcast::<Module>()?.dict.get_str(&vm.intern("path")));
            match path {
                Some(path) => path,
                None => return Err(vm.runtime_error("sys.path must be a list of directory names")),
            }
        }
    };
    let here = std::env::current_dir().unwrap_or_default();
    let folders = vm.collect(&list)?;
    Ok(folders.iter().filter_map(|f| f.downcast::<Str>()?.to_system()).map(|f| here.join(f)).collect())
}

/// Looks for a module in each folder in turn.
fn find(folders: &[PathBuf], name: &str) -> Option<Found> {
    let mut portions = Vec::new();
    for folder in folders {
        let package = folder.join(name);
        let init = package.join("__init__.py");
        if init.is_file() {
            return Some(Found::Package { folder: package, init });
        }
        let file = folder.join(format!("{name}.py"));
        if file.is_file() {
            return Some(Found::File(file));
        }
        if package.is_dir() {
            portions.push(package);
        }
    }
    (!portions.is_empty()).then_some(Found::Namespace(portions))
}

/// Connects an importer to a VM.
pub(super) fn connect(vm: &mut Vm) -> Rc<SourceImporter> {
    let importer = Rc::new(SourceImporter::default());
    vm.imports.importer = Some(importer.clone());
    importer
}
