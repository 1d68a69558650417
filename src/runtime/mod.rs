//! Assembly: an interpreter with its modules, limits and monitor, and running programs in it.

mod config;
mod describe;
pub mod embed;
mod failure;
mod importer;
mod interrupt;
pub mod library;
mod machine;
mod program;
mod session;
mod shutdown;
mod traceback;

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use crate::monitor::{EventRecord, Monitor, ThreadState};
use crate::vm::Vm;
use crate::vm::baton::Baton;
use importer::SourceImporter;
use traceback::Sources;

pub use config::{Config, DEFAULT_RECURSION_LIMIT};
pub use describe::VmDescribe;
pub use failure::Failure;
pub use importer::CodeObserver;
pub use interrupt::InterruptHandle;
pub use program::{Stopped, script_file, script_folder, shown_path};
pub use session::Session;

/// One interpreter, which is used by its [`Session`]s.  Clones are the same interpreter; it ends with the last clone and
/// session.  Belongs to the thread that made it; only its [`InterruptHandle`] and [`Monitor`] may be used from others.
#[derive(Clone)]
pub struct Interpreter(Rc<Parts>);

/// What an interpreter has beside its VM: nothing here is borrowed while code of the program or of the host runs.
struct Parts {
    importer: Rc<SourceImporter>,
    sources: Sources,
    /// What `run_file` has put into `sys.path`.
    script_folder: RefCell<Option<PathBuf>>,
    monitor: Arc<Monitor>,
    thread: Rc<ThreadState>,
    interrupt: InterruptHandle,
    vm: Rc<Baton>,
}

impl Interpreter {
    /// An interpreter with its built-in modules, ready to run.
    pub fn new(config: Config) -> Interpreter {
        let mut vm = Vm::new(config.output);
        vm.specializes = config.specialization;
        crate::builtins::install_all(&mut vm);
        let importer = importer::connect(&mut vm);
        for name in ["builtins", "sys"] {
            // Neither runs code of a program, so neither can fail.
            let _ = crate::builtins::modules::make(&mut vm, name);
        }
        let interpreter = Interpreter(Rc::new(Parts {
            importer,
            sources: Sources::default(),
            script_folder: RefCell::default(),
            monitor: vm.monitor.clone(),
            thread: vm.thread.clone(),
            interrupt: InterruptHandle { breaker: vm.heap.breaker().clone() },
            vm: Baton::new(vm),
        }));
        let mut session = interpreter.session();
        session.set_recursion_limit(config.recursion_limit);
        session.set_sys("argv", &config.argv);
        session.set_sys("path", &config.path);
        // Limits count what the program does, not what it took to get here.
        session.set_memory_ceiling(config.memory_ceiling);
        session.set_instruction_budget(config.instruction_budget);
        drop(session);
        interpreter
    }

    /// Begins to use the interpreter; None if it is being used further up the stack and not lent to the caller.
    pub fn enter(&self) -> Option<Session> {
        self.0.vm.take().map(|turn| Session::new(self.clone(), turn))
    }

    /// The same for one who knows that nobody is using it.
    ///
    /// # Panics
    /// If somebody is.
    pub fn session(&self) -> Session {
        self.enter().expect("nobody is using the interpreter")
    }

    /// The monitor that sees this interpreter's code.
    pub fn monitor(&self) -> &Arc<Monitor> {
        &self.0.monitor
    }

    /// Whether a record, which is not looked at, is of the event that it is telling a callback of.
    pub fn is_current_record(&self, record: *const EventRecord) -> bool {
        self.0.thread.is_current(record)
    }

    /// Interrupts this interpreter from any thread.
    pub fn interrupt_handle(&self) -> InterruptHandle {
        self.0.interrupt.clone()
    }

    /// Sets or removes what is told of the code objects of each module before the module runs: of its own code and of all
    /// that is nested in it.  The interpreter is lent to it, and it is not told of code that it runs itself.
    pub fn set_code_observer(&self, observer: Option<CodeObserver>) {
        let old = self.0.importer.observer.replace(observer);
        drop(old);
    }
}

#[cfg(test)]
mod frame_tests;
#[cfg(test)]
mod monitoring_tests;
#[cfg(test)]
mod tests;
