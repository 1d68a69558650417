//! Assembly: an interpreter with its modules, limits and monitor, and running programs in it.

mod config;
mod failure;
mod interrupt;

use std::path::Path;
use std::sync::Arc;

use crate::monitor::Monitor;
use crate::object::value::Value;
use crate::vm::{Exc, Vm};

pub use config::{Config, DEFAULT_RECURSION_LIMIT};
pub use failure::Failure;
pub use interrupt::InterruptHandle;

/// One interpreter.  Belongs to the thread that made it; only its [`InterruptHandle`] and [`Monitor`] may be used from
/// others.
pub struct Interpreter {
    vm: Box<Vm>,
    monitor: Arc<Monitor>,
}

impl Interpreter {
    /// An interpreter with its built-in modules, ready to run.
    pub fn new(_config: Config) -> Interpreter {
        unimplemented!()
    }

    /// The monitor that sees this interpreter's code.
    pub fn monitor(&self) -> &Arc<Monitor> {
        &self.monitor
    }

    /// The virtual machine: everything that is done with values.
    pub fn vm(&mut self) -> &mut Vm {
        &mut self.vm
    }

    /// Interrupts this interpreter from any thread.
    pub fn interrupt_handle(&self) -> InterruptHandle {
        InterruptHandle { breaker: self.vm.heap.breaker().clone() }
    }

    /// Runs a file as `__main__`, with `sys.argv` the path and `args`, and the file's folder first in `sys.path`.
    /// Standard output is flushed at the end; nothing is printed for a failure ([`report`](Interpreter::report)).
    pub fn run_file(&mut self, _path: &Path, _args: &[String]) -> Result<(), Failure> {
        unimplemented!()
    }

    /// Runs source text in the module `name`, which is made if it is not there yet, and returns the module.
    /// Tracebacks show the file as `<name>`.
    pub fn run_source(&mut self, _name: &str, _source: &[u8]) -> Result<Value, Failure> {
        unimplemented!()
    }

    /// The value of an expression in the module `name`, which is made if it is not there yet.
    pub fn eval_source(&mut self, _name: &str, _expression: &[u8]) -> Result<Value, Failure> {
        unimplemented!()
    }

    /// Imports a module by its dotted name and returns it.
    pub fn import(&mut self, _name: &str) -> Result<Value, Failure> {
        unimplemented!()
    }

    /// The module `name` of `sys.modules`; a new empty one, if it is not there.
    pub fn module(&mut self, _name: &str) -> Value {
        unimplemented!()
    }

    /// Calls a function of a module, which is imported if it was not.
    pub fn call(&mut self, _module: &str, _function: &str, _args: &[Value]) -> Result<Value, Failure> {
        unimplemented!()
    }

    /// A global of a module that has been imported or run; AttributeError if it has none of this name.
    pub fn get_global(&mut self, _module: &str, _name: &str) -> Result<Value, Failure> {
        unimplemented!()
    }

    /// Sets a global of a module, which is made if it is not there yet.
    pub fn set_global(&mut self, _module: &str, _name: &str, _value: Value) -> Result<(), Failure> {
        unimplemented!()
    }

    /// The plain data of an exception that left the program.
    pub fn failure(&mut self, _e: Exc) -> Failure {
        unimplemented!()
    }

    /// Prints a failure on the program's standard error, as CPython does at the end, and gives the exit status.
    pub fn report(&mut self, _failure: &Failure) -> i32 {
        unimplemented!()
    }

    /// Changes how many frames may be active at once.
    pub fn set_recursion_limit(&mut self, _frames: usize) {
        unimplemented!()
    }

    /// Changes how many bytes the program's objects may take; None: no limit.
    pub fn set_memory_ceiling(&mut self, bytes: Option<usize>) {
        self.vm.heap.set_ceiling(bytes.unwrap_or(usize::MAX));
    }

    /// Changes how many backward jumps and calls the program may still make; None: no limit.
    pub fn set_instruction_budget(&mut self, _steps: Option<u64>) {
        unimplemented!()
    }
}
