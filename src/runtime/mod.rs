//! Assembly: an interpreter with its modules, limits and monitor, and running programs in it.

mod config;
mod describe;
pub mod embed;
mod failure;
mod importer;
mod interrupt;
mod machine;
mod program;
mod shutdown;
mod traceback;

use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use crate::builtins::compile;
use crate::compile::Mode;
use crate::monitor::Monitor;
use crate::object::dict::Dict;
use crate::object::function::{Code, Module};
use crate::object::header::Ref;
use crate::object::value::Value;
use crate::vm::output::Stream;
use crate::vm::{Exc, R, Vm};
use importer::SourceImporter;
use traceback::Sources;

pub use config::{Config, DEFAULT_RECURSION_LIMIT};
pub use describe::VmDescribe;
pub use failure::Failure;
pub use importer::CodeObserver;
pub use interrupt::InterruptHandle;
pub use program::{Stopped, script_file, script_folder};

/// One interpreter.  Belongs to the thread that made it; only its [`InterruptHandle`] and [`Monitor`] may be used from
/// others.
pub struct Interpreter {
    importer: Rc<SourceImporter>,
    sources: Sources,
    /// What `run_file` has put into `sys.path`.
    script_folder: Option<PathBuf>,
    /// Last, because everything above may refer to its objects.
    vm: Box<Vm>,
}

impl Interpreter {
    /// An interpreter with its built-in modules, ready to run.
    pub fn new(config: Config) -> Interpreter {
        let mut vm = Vm::new(config.output);
        crate::builtins::install_all(&mut vm);
        let importer = importer::connect(&mut vm);
        for name in ["builtins", "sys"] {
            // Neither runs code of a program, so neither can fail.
            let _ = crate::builtins::modules::make(&mut vm, name);
        }
        let mut interpreter = Interpreter { importer, sources: Sources::default(), script_folder: None, vm };
        interpreter.set_recursion_limit(config.recursion_limit);
        interpreter.set_sys("argv", &config.argv);
        let path: Vec<String> = config.path.iter().map(|p| p.to_string_lossy().into_owned()).collect();
        interpreter.set_sys("path", &path);
        // Limits count what the program does, not what it took to get here.
        interpreter.set_memory_ceiling(config.memory_ceiling);
        interpreter.set_instruction_budget(config.instruction_budget);
        interpreter
    }

    /// The monitor that sees this interpreter's code.
    pub fn monitor(&self) -> &Arc<Monitor> {
        &self.vm.monitor
    }

    /// The virtual machine: everything that is done with values.
    pub fn vm(&mut self) -> &mut Vm {
        &mut self.vm
    }

    /// Describes this interpreter's values to tools, which must be stopped before it is dropped.
    pub fn describe(&mut self) -> Arc<VmDescribe> {
        Arc::new(VmDescribe::new(&mut self.vm))
    }

    /// Interrupts this interpreter from any thread.
    pub fn interrupt_handle(&self) -> InterruptHandle {
        InterruptHandle { breaker: self.vm.heap.breaker().clone() }
    }

    /// Sets or removes what is told of the code objects of each module before the module runs: of its own code and of all
    /// that is nested in it.  It must not use the interpreter.
    pub fn set_code_observer(&mut self, observer: Option<CodeObserver>) {
        let old = std::mem::replace(&mut *self.importer.observer.borrow_mut(), observer);
        drop(old);
    }

    /// Runs source text in the module `name`, which is made if it is not there yet, and returns the module.
    /// Tracebacks show the file as `<name>`.
    pub fn run_source(&mut self, name: &str, source: &[u8]) -> Result<Value, Failure> {
        let file = format!("<{name}>");
        self.sources.remember(&file, source);
        let module = self.module(name);
        let result = compile::compile_source(&mut self.vm, &file, source)
            .and_then(|code| self.run_code(&code, &module))
            .map(|_| module);
        self.finish(result)
    }

    /// The value of an expression in the module `name`, which is made if it is not there yet.
    pub fn eval_source(&mut self, name: &str, expression: &[u8]) -> Result<Value, Failure> {
        let file = format!("<{name}>");
        self.sources.remember(&file, expression);
        let module = self.module(name);
        let result = compile::compile_as(&mut self.vm, &file, expression, Mode::Eval)
            .and_then(|code| self.run_code(&code, &module));
        self.finish(result)
    }

    fn run_code(&mut self, code: &Ref<Code>, module: &Value) -> R {
        let globals = self.globals_of(module)?;
        self.importer.clone().run(&mut self.vm, code, &globals)
    }

    /// Imports a module by its dotted name and returns it.
    pub fn import(&mut self, name: &str) -> Result<Value, Failure> {
        let name = self.vm.intern(name);
        let result = self.vm.import_module(&name);
        self.finish(result)
    }

    /// The module `name` of `sys.modules`; a new empty one, if it is not there.
    pub fn module(&mut self, name: &str) -> Value {
        let key = self.vm.intern(name);
        if let Some(module) = self.vm.modules.get_str(&key) {
            return module;
        }
        let (module, _) = importer::new_module(&mut self.vm, name);
        drop(self.vm.modules.set_str(&self.vm.heap, &key, module.clone()));
        module
    }

    /// Calls a function of a module, which is imported if it was not.
    pub fn call(&mut self, module: &str, function: &str, args: &[Value]) -> Result<Value, Failure> {
        let result = self.lookup(module, function).and_then(|f| self.vm.call(&f, args));
        self.finish(result)
    }

    /// A global of a module, which is imported if it was not; AttributeError if it has none of this name.
    pub fn get_global(&mut self, module: &str, name: &str) -> Result<Value, Failure> {
        let result = self.lookup(module, name);
        self.finish(result)
    }

    fn lookup(&mut self, module: &str, name: &str) -> R {
        let module = self.vm.intern(module);
        let module = self.vm.import_module(&module)?;
        let name = self.vm.intern(name);
        self.vm.get_attr(&module, &name)
    }

    /// Sets a global of a module, which is made if it is not there yet.
    pub fn set_global(&mut self, module: &str, name: &str, value: Value) -> Result<(), Failure> {
        let module = self.module(module);
        let name = self.vm.intern(name);
        let result = self.vm.set_attr(&module, &name, value);
        self.finish(result)
    }

    fn globals_of(&mut self, module: &Value) -> R<Ref<Dict>> {
        match module.downcast::<Module>() {
            Some(m) => Ok(m.dict.clone()),
            None => {
                let got = module.class(&self.vm.heap).name_str();
                Err(self.vm.type_error(format!("expected a module in sys.modules, not {got}")))
            }
        }
    }

    /// The plain data of an exception that left the program.
    pub fn failure(&mut self, e: Exc) -> Failure {
        Failure::new(&mut self.vm, e, &self.sources)
    }

    fn finish<T>(&mut self, result: R<T>) -> Result<T, Failure> {
        result.map_err(|e| self.failure(e))
    }

    /// Prints a failure on the program's standard error, as CPython does at the end, and gives the exit status.
    pub fn report(&mut self, failure: &Failure) -> i32 {
        if !failure.traceback.is_empty() {
            // Where standard error is closed there is nobody to tell.
            let _ = self.vm.output.flush(Stream::Stdout);
            let _ = self.vm.output.write(Stream::Stderr, failure.traceback.as_bytes());
            let _ = self.vm.output.flush(Stream::Stderr);
        }
        failure.status
    }

    /// Changes how many frames may be active at once.
    pub fn set_recursion_limit(&mut self, frames: usize) {
        self.vm.set_recursion_limit(frames);
    }

    /// Changes how many bytes the program's objects may take; None: as many as the machine has.
    pub fn set_memory_ceiling(&mut self, bytes: Option<usize>) {
        self.vm.heap.set_ceiling(bytes.unwrap_or_else(machine::memory));
    }

    /// Changes how many instructions the program may still run; None: no limit.  They are counted at calls and backward
    /// jumps, so the program may run a few more.
    pub fn set_instruction_budget(&mut self, instructions: Option<u64>) {
        self.vm.set_budget(instructions);
    }
}

#[cfg(test)]
mod monitoring_tests;
#[cfg(test)]
mod tests;
