//! `import` statements: names, packages, what `from` takes.  Where modules come from is the affair of an [`Importer`].

use std::rc::Rc;

use crate::object::dict::Dict;
use crate::object::exception::Exception;
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::sequence::List;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::exceptions::field;
use crate::vm::{Exc, R, Vm};

/// Finds and runs modules.  `runtime` has the one that searches `sys.path`.
pub trait Importer {
    /// Finds the module `name` (absolute, dotted) and runs it.  It is not in `sys.modules` yet; its parents are.
    /// `path` is the parent's `__path__`; None for a module without parent, which `sys.path` has.
    ///
    /// Enters the module into `sys.modules` before it runs, and takes it out again if it fails.  None: there is no
    /// such module.
    fn load(&self, vm: &mut Vm, name: &Ref<Str>, path: Option<&Value>) -> R<Option<Value>>;

    /// The frames of an exception as text: file, line, name and source, without carets.
    fn frames_text(&self, e: &Exc) -> String;

    /// What is printed for an uncaught exception.
    fn traceback_text(&self, vm: &mut Vm, e: &Exc) -> String;

    /// A 1-based line of a source file, if it can be had.
    fn source_line(&self, file: &str, line: u32) -> Option<String>;
}

/// What the VM keeps for imports.
#[derive(Default)]
pub struct Imports {
    /// Without one only what is in `sys.modules` can be imported.
    pub importer: Option<Rc<dyn Importer>>,
    /// The names of the modules whose code is running for the first time, outermost first.
    pub initializing: Vec<Ref<Str>>,
}

impl Vm {
    /// What `__import__(name, globals, None, fromlist, level)` returns: the package that is left of the first dot, or
    /// with a `fromlist` the module itself.
    pub fn import_name(&mut self, name: &Ref<Str>, globals: &Ref<Dict>, fromlist: &Value, level: usize) -> R {
        let absolute = if level == 0 { name.clone() } else { self.absolute_name(name, globals, level)? };
        if absolute.is_empty() {
            return Err(self.value_error("Empty module name"));
        }
        let module = self.import_module(&absolute)?;
        if self.truth(fromlist)? {
            self.import_submodules(&module, fromlist)?;
            return Ok(module);
        }
        let text = name.to_string();
        match text.split_once('.') {
            None => Ok(module),
            Some((first, rest)) => {
                // The top of what was written, also for a relative name.
                let full = absolute.to_string();
                let top = if level == 0 { first } else { &full[..full.len() - rest.len() - 1] };
                let top = self.intern(top);
                match self.loaded_module(&top) {
                    Some(m) => Ok(m),
                    None => Err(self.key_error(top.as_value())),
                }
            }
        }
    }

    /// The absolute name of a relative import in the module whose globals these are.
    fn absolute_name(&mut self, name: &Ref<Str>, globals: &Ref<Dict>, level: usize) -> R<Ref<Str>> {
        let package = self.package_of(globals)?;
        let mut base = package.as_str();
        for _ in 1..level {
            base = match base.rsplit_once('.') {
                Some((parent, _)) => parent,
                None => return Err(self.import_failure("attempted relative import beyond top-level package")),
            };
        }
        let full = if name.is_empty() { base.to_owned() } else { format!("{base}.{name}") };
        Ok(self.intern(&full))
    }

    fn package_of(&mut self, globals: &Ref<Dict>) -> R<String> {
        let text = |v: &Value| v.downcast::<Str>().map(|s| s.to_string());
        let unknown = "attempted relative import with no known parent package";
        if let Some(p) = globals.get_str(&self.intern("__package__"))
            && !p.is_none()
        {
            return match text(&p) {
                Some(p) if p.is_empty() => Err(self.import_failure(unknown)),
                Some(p) => Ok(p),
                None => Err(self.type_error("package must be a string")),
            };
        }
        let Some(name) = globals.get_str(&self.types().names.__name__) else {
            let message = self.new_str("'__name__' not in globals");
            return Err(self.key_error(&message));
        };
        let Some(name) = text(&name) else {
            return Err(self.type_error("__name__ must be a string"));
        };
        if globals.get_str(&self.intern("__path__")).is_some() {
            return Ok(name);
        }
        match name.rsplit_once('.') {
            Some((parent, _)) => Ok(parent.to_owned()),
            None => Err(self.import_failure(unknown)),
        }
    }

    #[cold]
    fn import_failure(&mut self, text: &str) -> Exc {
        self.import_error(false, text, None, None, None)
    }

    /// The module of an absolute dotted name, imported with its parents if it was not.
    pub fn import_module(&mut self, name: &Ref<Str>) -> R {
        match self.loaded_module(name) {
            Some(m) if m.is_none() => {
                let text = format!("import of {name} halted; None in sys.modules");
                Err(self.import_error(true, &text, Some(name.to_value()), None, None))
            }
            Some(m) => Ok(m),
            None => self.find_and_load(name),
        }
    }

    fn loaded_module(&self, name: &Ref<Str>) -> Option<Value> {
        self.modules.get_str(name)
    }

    fn find_and_load(&mut self, name: &Ref<Str>) -> R {
        self.check_native_stack()?;
        self.audit("import", |vm| {
            let sys = vm.loaded_module(&vm.intern("sys"));
            let of_sys = |name: &str| {
                let module = sys.as_ref().and_then(|sys| sys.downcast::<Module>());
                module.and_then(|sys| sys.dict.get_str(&vm.intern(name))).unwrap_or(Value::NONE)
            };
            vec![name.to_value(), Value::NONE, of_sys("path"), of_sys("meta_path"), of_sys("path_hooks")]
        })?;
        let text = name.to_string();
        let Some((parent, child)) = text.rsplit_once('.') else {
            return match self.load_module(name, None)? {
                Some(m) => Ok(m),
                None => Err(self.no_module(name, "")),
            };
        };
        let parent_name = self.intern(parent);
        let parent_module = self.import_module(&parent_name)?;
        // The parent may have imported it.
        if let Some(m) = self.loaded_module(name) {
            return Ok(m);
        }
        let path_name = self.intern("__path__");
        let Some(path) = self.get_attr_opt(&parent_module, &path_name)? else {
            return Err(self.no_module(name, &format!("; '{parent}' is not a package")));
        };
        let Some(module) = self.load_module(name, Some(&path))? else {
            return Err(self.no_module(name, ""));
        };
        let child = self.intern(child);
        self.set_attr(&parent_module, &child, module.clone())?;
        Ok(module)
    }

    fn load_module(&mut self, name: &Ref<Str>, path: Option<&Value>) -> R<Option<Value>> {
        match self.imports.importer.clone() {
            Some(importer) => importer.load(self, name, path),
            None => Ok(None),
        }
    }

    #[cold]
    fn no_module(&mut self, name: &Ref<Str>, more: &str) -> Exc {
        let text = format!("No module named '{name}'{more}");
        self.import_error(true, &text, Some(name.to_value()), None, None)
    }

    /// Imports those names of a `from` that are submodules of a package and not imported yet.
    fn import_submodules(&mut self, module: &Value, fromlist: &Value) -> R<()> {
        let path = self.intern("__path__");
        if self.get_attr_opt(module, &path)?.is_none() {
            return Ok(());
        }
        for item in self.collect(fromlist)? {
            let Some(item) = item.downcast::<Str>().cloned() else {
                let got = item.class(&self.heap).name_str();
                return Err(self.type_error(format!("Item in ``from list'' must be str, not {got}")));
            };
            if item.as_ascii() == Some("*") {
                let all = self.types().names.__all__.clone();
                if let Some(all) = self.get_attr_opt(module, &all)? {
                    for name in self.collect(&all)? {
                        if let Some(name) = name.downcast::<Str>() {
                            self.import_submodule(module, &name.clone())?;
                        }
                    }
                }
            } else {
                self.import_submodule(module, &item)?;
            }
        }
        Ok(())
    }

    fn import_submodule(&mut self, module: &Value, name: &Ref<Str>) -> R<()> {
        let name = self.heap.interned.intern(name);
        if self.get_attr_opt(module, &name)?.is_some() {
            return Ok(());
        }
        let Some(package) = self.module_name(module)? else { return Ok(()) };
        let full = self.intern(&format!("{package}.{name}"));
        match self.import_module(&full) {
            Ok(_) => Ok(()),
            // That there is none is for IMPORT_FROM to say; what fails inside of it is not.
            Err(e) if self.is_missing(&e, &full) => Ok(()),
            Err(e) => Err(e),
        }
    }

    /// Whether an exception says that this very module does not exist.
    fn is_missing(&self, e: &Exc, name: &Ref<Str>) -> bool {
        self.is_exception(e, &self.types().ModuleNotFoundError)
            && self.loaded_module(name).is_none_or(|m| !m.is_none())
            && e.0
                .downcast::<Exception>()
                .and_then(|x| x.field(field::IMPORT_NAME))
                .is_some_and(|n| n.downcast::<Str>().is_some_and(|n| **n == **name))
    }

    fn module_name(&mut self, module: &Value) -> R<Option<Ref<Str>>> {
        let name = self.types().names.__name__.clone();
        let name = self.get_attr_opt(module, &name)?;
        Ok(name.and_then(|n| n.downcast::<Str>().cloned()))
    }

    /// `from module import name`: an attribute, or a submodule that is being imported.
    pub fn import_from(&mut self, module: &Value, name: &Ref<Str>) -> R {
        if let Some(v) = self.get_attr_opt(module, name)? {
            return Ok(v);
        }
        let package = self.module_name(module)?;
        if let Some(p) = &package {
            let full = self.intern(&format!("{p}.{name}"));
            if let Some(m) = self.loaded_module(&full) {
                return Ok(m);
            }
        }
        let file = self.intern("__file__");
        let file = match self.get_attr_opt(module, &file)? {
            Some(f) if f.downcast::<Str>().is_some() => f,
            _ => Value::NONE,
        };
        let place = file.downcast::<Str>().map_or_else(|| "unknown location".to_owned(), |f| f.to_string());
        let partially = package.as_ref().is_some_and(|p| self.is_initializing(p));
        let shown = match &package {
            Some(p) => self.repr(p.as_value())?.to_string(),
            None => "'<unknown module name>'".to_owned(),
        };
        let text = match partially {
            true => format!(
                "cannot import name '{name}' from partially initialized module {shown} (most likely due to a circular \
                 import) ({place})"
            ),
            false => format!("cannot import name '{name}' from {shown} ({place})"),
        };
        let package = package.map(|p| p.to_value());
        Err(self.import_error(false, &text, package, Some(file), Some(name.to_value())))
    }

    /// Whether a module's code is running for the first time.
    pub fn is_initializing(&self, name: &Ref<Str>) -> bool {
        self.imports.initializing.iter().any(|n| **n == **name)
    }

    /// `from module import *` into a namespace.
    pub fn import_star(&mut self, module: &Value, namespace: &Value) -> R<()> {
        let all = self.types().names.__all__.clone();
        let listed = self.get_attr_opt(module, &all)?;
        let (names, skip_private) = match (&listed, module.downcast::<Module>()) {
            (Some(all), _) => (self.collect(all)?, false),
            (None, Some(m)) => (m.dict.items().into_iter().map(|(k, _)| k).collect(), true),
            (None, None) => match self.get_attr_opt(module, &self.types().names.__dict__.clone())? {
                Some(dict) => (self.collect(&dict)?, true),
                None => return Err(self.import_failure("from-import-* object has no __dict__ and no __all__")),
            },
        };
        for name in names {
            let Some(key) = name.downcast::<Str>() else {
                let (module, got) = (self.module_name(module)?, name.class(&self.heap).name_str());
                let module = module.map_or_else(String::new, |m| m.to_string());
                let what = if skip_private { "Key" } else { "Item" };
                let place = if skip_private { "__dict__" } else { "__all__" };
                return Err(self.type_error(format!("{what} in {module}.{place} must be str, not {got}")));
            };
            if skip_private && key.point(0) == Some(u32::from('_')) {
                continue;
            }
            let key = self.heap.interned.intern(key);
            let value = self.get_attr(module, &key)?;
            drop(self.namespace_set(namespace, &key, value)?);
        }
        Ok(())
    }

    /// Why a module has no attribute `name`, where imports are to blame; None where they are not.
    pub fn import_blame(&mut self, module: &Ref<Module>, name: &Ref<Str>) -> Option<String> {
        let own = module.dict.get_str(&self.types().names.__name__)?;
        let own = own.downcast::<Str>()?;
        let full = self.intern(&format!("{own}.{name}"));
        if self.is_initializing(own) {
            return Some(match self.shadowing_file(module) {
                Some(file) => format!(
                    "module '{own}' has no attribute '{name}' (consider renaming '{file}' if it has the same name as a \
                     third-party module you intended to import)"
                ),
                None => format!(
                    "partially initialized module '{own}' has no attribute '{name}' (most likely due to a circular import)"
                ),
            });
        }
        self.is_initializing(&full).then(|| {
            format!("cannot access submodule '{name}' of module '{own}' (most likely due to a circular import)")
        })
    }

    /// The file of a module that lies in the first folder of `sys.path`, where it hides installed modules of its name.
    fn shadowing_file(&mut self, module: &Ref<Module>) -> Option<String> {
        let file = module.dict.get_str(&self.intern("__file__"))?;
        let file = file.downcast::<Str>()?.to_string();
        let folder = std::path::Path::new(&file).parent()?;
        let sys = self.loaded_module(&self.intern("sys"))?;
        let path = sys.downcast::<Module>()?.dict.get_str(&self.intern("path"))?;
        let first = path.downcast::<List>()?.get(0)?;
        let first = first.downcast::<Str>()?.to_string();
        (std::path::Path::new(&first) == folder).then_some(file)
    }
}
