//! The end of an interpreter: modules go, and finalizers run while they still can.

use super::{Parts, Session};
use crate::builtins::modules::atexit;
use crate::object::str::Str;
use crate::vm::Vm;
use crate::vm::output::Stream;

/// A finalizer may leave new garbage behind; after this many collections what remains is freed without finalizers.
const MAX_COLLECTIONS: usize = 5;

impl Session {
    /// Runs what CPython runs at exit: forgets the program's modules, so that their objects die and generators are
    /// closed, and flushes the standard streams.  The interpreter can be used afterwards; its modules are imported anew.
    pub fn shutdown(&mut self) {
        let observer = self.parts().importer.observer.take();
        drop(observer);
        end_modules(&mut self.vm);
    }
}

fn end_modules(vm: &mut Vm) {
    atexit::run(vm);
    for (name, module) in vm.modules.items() {
        let Some(name) = name.downcast::<Str>() else { continue };
        if !matches!(name.as_ascii(), Some("sys" | "builtins")) {
            drop(vm.modules.remove_str(name));
            drop(module);
            vm.run_finalizers();
        }
    }
    for _ in 0..MAX_COLLECTIONS {
        let freed = vm.heap.collect();
        if !vm.heap.has_pending() && freed == 0 {
            break;
        }
        vm.run_finalizers();
    }
    // There is nobody left to tell of an error; a program that wants to know flushes itself.
    let _ = vm.flush_stream(Stream::Stdout);
    let _ = vm.flush_stream(Stream::Stderr);
}

impl Drop for Parts {
    fn drop(&mut self) {
        // Nobody else can have it: sessions hold counts of the interpreter.
        if let Some(mut vm) = self.vm.take() {
            drop(self.importer.observer.take());
            end_modules(&mut vm);
        }
    }
}
