//! The virtual machine: the loop, calls, unwinding, generators, and the protocols that may run Python code.

pub mod async_generator;
mod attributes;
pub mod audit;
pub mod awaiting;
pub mod baton;
mod bind;
mod calls;
pub mod class;
pub mod collect;
pub mod construct;
mod context;
mod enter;
pub mod error;
pub mod except_star;
pub mod exceptions;
mod exec;
pub mod format;
pub mod frames;
pub mod generator;
pub mod home;
pub mod import;
pub mod instrument;
mod intrinsics;
mod line_jump;
mod load;
mod matching;
pub mod member;
pub mod mro;
mod names;
mod namespace;
pub mod native;
pub mod native_args;
pub mod native_call;
pub mod native_class;
pub mod native_iter;
mod operate;
pub mod output;
pub mod protocol;
pub mod python_callback;
mod registers;
pub mod requests;
mod run;
mod special_frames;
pub mod stack;
pub mod stdlib_names;
mod stubs;
pub mod suggest;
mod tagged;
pub mod template;
pub mod type_params;
mod unpack;
mod unraisable;
mod unwind;
mod warn;

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::monitor::{Monitor, ThreadState};
use crate::object::dict::Dict;
use crate::object::function::Code;
use crate::object::header::Ref;
use crate::object::heap::Heap;
use crate::object::str::Str;
use crate::object::types::{Type, TypeTable};
use crate::object::value::Value;

pub use error::{Exc, R};
pub use native::{Args, NativeFn};

/// One interpreter: its objects, stack and modules.  Belongs to one thread at a time.
pub struct Vm {
    /// The namespace of `builtins`.
    pub builtins: Ref<Dict>,
    /// `sys.modules`.
    pub modules: Ref<Dict>,
    /// Where the standard streams go.
    pub output: Rc<dyn output::Output>,
    /// What native code keeps between calls.
    pub native: NativeState,
    /// The operators of containers, which are the built-in types'.
    pub container_operators: protocol::number::ContainerOperators,
    /// The importer, and the modules that are being run for the first time.
    pub imports: import::Imports,
    /// The monitor that sees this interpreter's code, and this thread's state in it.
    pub monitor: Arc<Monitor>,
    pub thread: Rc<ThreadState>,
    /// What owns this VM if it can be re-entered, else null.
    baton: *const baton::Baton,
    /// The exception that a monitoring callback wants raised, set before it returns `Action::ERROR`.
    pub callback_error: Option<Value>,
    pub(crate) stack: stack::Stack,
    /// The objects of live frames, outermost first.
    frame_objects: Vec<frames::LiveFrameObject>,
    /// The exception that is being handled, for the main line and for each running generator.
    handled: Vec<Option<Value>>,
    /// Code objects that were replaced while they may have been running.
    retired: Vec<Ref<Code>>,
    /// Set by CLEANUP_THROW: the error that it gives has been raised before.
    pending_reraise: bool,
    /// See [`instrument::Instrumented::Outcome`].
    outcome: R<run::Flow>,
    /// See `GO_ON` of `instrument`: where the top frame stands, and the opcode that it runs.
    going_on: (*const std::cell::Cell<u64>, crate::code::Op),
    /// The instruction whose LINE event is not to fire once: a handler on the line of what raised.
    skip_line: *const std::cell::Cell<u64>,
    /// The event whose callback runs, if that may set a line, and the frame for which one has done so.
    watched: Option<line_jump::Watched>,
    jumped: *const stack::Frame,
    /// The second level of the attribute caches.
    stubs: stubs::Stubs,
    /// Whether instructions fill their inline caches, which is how they are specialised: at once, when they run first.  If not,
    /// each goes its general way every time; the tests compare the two.
    pub specializes: bool,
    /// Instructions that may still be run.
    budget: Option<u64>,
    /// The budget was used up once, and what is left is the grace.
    overdrawn: bool,
    /// The program is being ended: no handler runs.
    terminating: bool,
    monitor_changes: Arc<instrument::MonitorChanges>,
    orphans: Arc<requests::Orphans>,
    /// [`MonitorChanges::count`](instrument::MonitorChanges::count), for the loop.
    change_count: *const AtomicU64,
    /// The heap's breaker, for the loop.
    breaker: *const AtomicU32,
    /// Last, because everything above refers to it.
    pub heap: Box<Heap>,
}

impl Vm {
    /// A virtual machine without built-in functions or modules: `builtins::install_all` gives it those.
    pub fn new(output: Rc<dyn output::Output>) -> Box<Vm> {
        let heap = Heap::new();
        let monitor = Monitor::new();
        let monitor_changes = instrument::MonitorChanges::of(&monitor, heap.breaker());
        Box::new(Vm {
            builtins: Dict::new(&heap),
            modules: Dict::new(&heap),
            output,
            native: NativeState::default(),
            container_operators: Default::default(),
            imports: import::Imports::default(),
            thread: Rc::new(monitor.new_thread_state()),
            baton: Vm::NO_BATON,
            change_count: &raw const monitor_changes.count,
            monitor,
            callback_error: None,
            stack: stack::Stack::new(),
            frame_objects: Vec::new(),
            handled: vec![None],
            retired: Vec::new(),
            pending_reraise: false,
            outcome: Ok(run::Flow::Reload),
            going_on: (std::ptr::null(), crate::code::Op::NOP),
            skip_line: std::ptr::null(),
            watched: None,
            jumped: std::ptr::null(),
            stubs: stubs::Stubs::default(),
            specializes: true,
            budget: None,
            overdrawn: false,
            terminating: false,
            monitor_changes,
            orphans: requests::Orphans::new(heap.breaker()),
            breaker: Arc::as_ptr(heap.breaker()),
            heap,
        })
    }
}

/// What native code keeps between calls.
pub struct NativeState {
    /// The text that `re` searched last and what it made of it, for the next search of the same.
    pub last_subject: Option<(Value, std::rc::Rc<dyn std::any::Any>)>,
    /// What `atexit.register` was given.
    pub exit_calls: Vec<ExitCall>,
    /// The classes of native modules that have been made, by the address of their table.
    pub classes: FxHashMap<usize, Ref<Type>>,
    /// Containers whose `repr` is being made, as words.
    pub repr_active: FxHashSet<u64>,
    /// The names of the methods of the binary operators, by operator: plain, reflected, in place.  Empty until asked for.
    pub operator_names: Vec<[Ref<Str>; 3]>,
    /// Limit of int/str conversion in decimal digits; 0 is none.
    pub int_max_str_digits: usize,
    /// `sys.monitoring.DISABLE` and `MISSING`, once they have been asked for.
    pub sentinels: Option<Sentinels>,
    /// What `sys.addaudithook` has added.
    pub audit_hooks: Vec<Value>,
    /// What `sys.settrace` has set.
    pub trace: Option<Value>,
    /// Whether a frame has asked for events of instructions (`f_trace_opcodes`).
    pub traces_opcodes: bool,
    /// What `sys.setprofile` has set.
    pub profile: Option<Value>,
    /// `sys.set_asyncgen_hooks`.
    pub asyncgen_firstiter: Option<Value>,
    pub asyncgen_finalizer: Option<Value>,
    /// The class of what `sys.get_asyncgen_hooks` gives, once it has been asked for.
    pub asyncgen_hooks_class: Option<Ref<crate::object::types::Type>>,
    /// `sys.set_coroutine_origin_tracking_depth`.
    pub coroutine_origin_depth: usize,
    /// `typing.NoDefault`, once it has been asked for.
    pub no_default: Option<Value>,
    /// How many virtual subclasses have been registered with classes of `ABCMeta`.
    pub abc_registrations: u64,
    /// The class of what `sys.unraisablehook` is called with, once `sys` is there.
    pub unraisable_class: Option<Ref<Type>>,
    /// The current context of `_contextvars`, once somebody has asked for it.
    pub context: Option<Value>,
    /// How often `_imp.acquire_lock` has been called more than `release_lock`.
    pub import_lock: usize,
    /// How often the filters of `_warnings` have been changed.
    pub warning_filters_version: i64,
    /// The objects of operators and contexts in syntax trees, by their class.
    pub ast_singletons: FxHashMap<u64, Value>,
    /// `sys.setswitchinterval`, in seconds.
    pub switch_interval: f64,
    /// Warnings are shown once for each place.
    pub warnings_shown: FxHashSet<warn::Shown>,
    pub gc: collect::GcState,
    pub codecs: CodecRegistry,
}

/// Codecs and error handlers that Python code has registered.
#[derive(Default)]
pub struct CodecRegistry {
    /// What `codecs.register` was given.
    pub search: Vec<Value>,
    /// What the search functions have found, by encoding.
    pub found: FxHashMap<String, Value>,
    /// What `codecs.register_error` was given, by name.
    pub handlers: FxHashMap<String, Value>,
}

/// A call to be made when the interpreter ends.
pub struct ExitCall {
    pub function: Value,
    pub args: Vec<Value>,
    pub names: Vec<Value>,
    pub values: Vec<Value>,
}

/// The objects that stand for the core's sentinels in this interpreter.
#[derive(Clone)]
pub struct Sentinels {
    pub disable: Value,
    pub missing: Value,
}

impl Default for NativeState {
    fn default() -> NativeState {
        NativeState {
            last_subject: None,
            exit_calls: Vec::new(),
            repr_active: Default::default(),
            operator_names: Vec::new(),
            int_max_str_digits: 4300,
            asyncgen_firstiter: None,
            asyncgen_finalizer: None,
            asyncgen_hooks_class: None,
            coroutine_origin_depth: 0,
            no_default: None,
            abc_registrations: 0,
            unraisable_class: None,
            context: None,
            import_lock: 0,
            warning_filters_version: 0,
            ast_singletons: Default::default(),
            switch_interval: 0.005,
            warnings_shown: Default::default(),
            sentinels: None,
            audit_hooks: Vec::new(),
            trace: None,
            traces_opcodes: false,
            profile: None,
            gc: collect::GcState::new(),
            codecs: CodecRegistry::default(),
            classes: Default::default(),
        }
    }
}

impl Vm {
    /// The built-in classes.
    #[inline(always)]
    pub fn types(&self) -> &TypeTable {
        self.heap.types()
    }

    /// How many frames may be live at once.
    pub fn recursion_limit(&self) -> usize {
        self.stack.frame_limit()
    }

    /// Sets how many frames may be live at once; what the stack has room for is the most.
    pub fn set_recursion_limit(&mut self, frames: usize) {
        self.stack.set_limit(frames);
    }

    /// The interned str of a name.
    pub fn intern(&self, name: &str) -> Ref<Str> {
        self.heap.interned.get(&self.heap, name)
    }

    /// A new str.
    pub fn new_str(&self, text: &str) -> crate::object::value::Value {
        Str::new(&self.heap, text).into()
    }
}
