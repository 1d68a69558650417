//! Using an interpreter: running programs in it, and what it has in its modules.

use std::rc::Rc;

use super::library::Library;
use super::{Failure, Interpreter, Parts, VmDescribe, importer, machine};
use crate::builtins::compile;
use crate::compile::Mode;
use crate::object::dict::Dict;
use crate::object::exception::Exception;
use crate::object::function::{Code, Module};
use crate::object::header::Ref;
use crate::object::value::Value;
use crate::vm::baton::Turn;
use crate::vm::output::Stream;
use crate::vm::{Args, Exc, R, Vm};

/// The use of an interpreter, until it is dropped: nobody else can use it meanwhile, but code of the host that it calls
/// while it is lent (`vm/baton.rs`).
pub struct Session {
    /// First, because the interpreter may end with this session.
    pub(super) vm: Turn,
    interpreter: Interpreter,
}

impl Session {
    pub(super) fn new(interpreter: Interpreter, vm: Turn) -> Session {
        Session { vm, interpreter }
    }

    /// The interpreter.
    pub fn interpreter(&self) -> &Interpreter {
        &self.interpreter
    }

    /// Describes this interpreter's values to tools, which may outlive it.
    pub fn describe(&self) -> VmDescribe {
        VmDescribe::new(&self.vm)
    }

    pub(super) fn parts(&self) -> &Parts {
        &self.interpreter.0
    }

    /// The virtual machine: everything that is done with values.
    pub fn vm(&mut self) -> &mut Vm {
        &mut self.vm
    }

    /// Sets or removes the library that is asked for modules that neither the native ones nor `sys.path` have.
    pub fn set_library(&mut self, library: Option<Rc<dyn Library>>) {
        let old = self.parts().importer.library.replace(library);
        drop(old);
    }

    /// Runs source text in the module `name`, which is made if it is not there yet, and returns the module.
    /// Tracebacks show the file as `<name>`.
    pub fn run_source(&mut self, name: &str, source: &[u8]) -> Result<Value, Failure> {
        let file = format!("<{name}>");
        self.parts().sources.remember(&file, source);
        let module = self.module(name);
        let result = compile::compile_source(&mut self.vm, &file, source)
            .and_then(|code| self.run_code(&code, &module))
            .map(|_| module);
        self.finish(result)
    }

    /// The value of an expression in the module `name`, which is made if it is not there yet.
    pub fn eval_source(&mut self, name: &str, expression: &[u8]) -> Result<Value, Failure> {
        let file = format!("<{name}>");
        self.parts().sources.remember(&file, expression);
        let module = self.module(name);
        let result = compile::compile_as(&mut self.vm, &file, expression, Mode::Eval)
            .and_then(|code| self.run_code(&code, &module));
        self.finish(result)
    }

    /// The value of an expression with the names of a live frame, the innermost being 0; None if there is no such frame.
    pub fn eval_in_frame(&mut self, depth: usize, expression: &[u8]) -> Option<Result<Value, Failure>> {
        const FILE: &str = "<frame>";
        let (globals, locals) = (self.vm.frame_globals(depth)?, self.vm.frame_locals(depth)?);
        self.parts().sources.remember(FILE, expression);
        let result = compile::compile_as(&mut self.vm, FILE, expression, Mode::Eval).and_then(|code| {
            let function = self.vm.new_function(&code, &globals);
            self.vm.call_function(&function, Args::positional(&[]), Some(locals))
        });
        Some(self.finish(result))
    }

    fn run_code(&mut self, code: &Ref<Code>, module: &Value) -> R {
        let globals = self.globals_of(module)?;
        self.parts().importer.clone().run(&mut self.vm, code, &globals)
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
        let vm = &*self.vm;
        drop(vm.modules.set_str(&vm.heap, &key, module.clone()));
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
        Failure::new(&mut self.vm, e, &self.interpreter.0.sources)
    }

    fn finish<T>(&mut self, result: R<T>) -> Result<T, Failure> {
        result.map_err(|e| self.failure(e))
    }

    /// Prints a failure on the program's standard error, as CPython does at the end, and gives the exit status.
    pub fn report(&mut self, failure: &Failure) -> i32 {
        if self.show_by_hook(failure) {
            return failure.status;
        }
        if !failure.traceback.is_empty() {
            // Where standard error is closed there is nobody to tell.
            let _ = self.vm.flush_stream(Stream::Stdout);
            let _ = self.vm.write_stream(Stream::Stderr, failure.traceback.as_bytes());
            let _ = self.vm.flush_stream(Stream::Stderr);
        }
        failure.status
    }

    /// Lets the program's own `sys.excepthook` show an exception; false where it has none, or the exception is not shown.
    fn show_by_hook(&mut self, failure: &Failure) -> bool {
        if failure.is_exit || failure.is_terminated {
            return false;
        }
        let Some(hook) = self.vm.own_hook("excepthook") else { return false };
        let e = failure.exception.clone();
        let Some(x) = e.downcast::<Exception>() else { return false };
        let traceback = x.traceback.get().map_or(Value::NONE, Value::from);
        let class = e.class(&self.vm.heap).to_value();
        let result = self.vm.call(&hook, &[class, e.clone(), traceback]);
        let _ = self.vm.flush_stream(Stream::Stdout);
        if let Err(second) = result {
            let second = self.failure(second).traceback;
            let text = format!("Error in sys.excepthook:\n{second}\nOriginal exception was:\n{}", failure.traceback);
            let _ = self.vm.write_stream(Stream::Stderr, text.as_bytes());
        }
        let _ = self.vm.flush_stream(Stream::Stderr);
        true
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
