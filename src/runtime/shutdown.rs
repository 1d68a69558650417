//! The end of an interpreter: modules go, and finalizers run while they still can.

use super::{Parts, Session};
use crate::builtins::modules::{atexit, io, sys};
use crate::object::str::Str;
use crate::object::value::Value;
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
    flush_files(vm);
    for (name, module) in vm.modules.items() {
        let Some(name) = name.downcast::<Str>() else { continue };
        if !matches!(name.as_ascii(), Some("sys" | "builtins")) {
            drop(vm.modules.remove_str(name));
            drop(module);
            vm.run_finalizers();
        }
    }
    // The standard files live as long as `sys`, and have been flushed.
    let names = ["__stdin__", "__stdout__", "__stderr__"];
    let files = names.into_iter().filter_map(|name| sys::standard_object(vm, name));
    let living: Vec<Value> = files.flat_map(|file| io::with_parts(&file)).collect();
    for _ in 0..MAX_COLLECTIONS {
        // Garbage that dies unnoticed goes with the heap, or when the next collection is due.
        if !vm.heap.has_observed(&living) {
            break;
        }
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

/// What `sys.stdout` and `sys.stderr` hold back is written while their objects are whole.
fn flush_files(vm: &mut Vm) {
    for name in ["stdout", "stderr"] {
        let Some(file) = sys::standard_object(vm, name).filter(|f| !f.is_none()) else { continue };
        let flush = vm.types().names.flush.clone();
        if let Err(e) = vm.call_method(&file, &flush, &[])
            && name == "stdout"
            && !is_closed(vm, &file)
        {
            vm.report_unraisable(e, &file);
        }
    }
}

fn is_closed(vm: &mut Vm, file: &Value) -> bool {
    let name = vm.intern("closed");
    let closed = vm.get_attr_opt(file, &name).ok().flatten();
    closed.is_some_and(|c| vm.truth(&c).unwrap_or(true))
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
