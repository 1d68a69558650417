//! Classes, and the table of the built-in ones.

use std::cell::{Cell, RefCell};
use std::ptr::NonNull;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::attrs::Shape;
use super::cell::Mut;
use super::dict::Dict;
use super::function::{Function, Native};
use super::header::{Gc, Kind, Object, Ref, flags};
use super::heap::Heap;
use super::sequence::Tuple;
use super::str::Str;
use super::value::Value;
use lookup_cache::LookupCache;
pub use mro::Mro;

/// Class flags.
pub mod type_flags {
    /// Python code may derive from it.
    pub const BASE: u32 = 1;
    /// Instances have attributes of their own (`__dict__`).
    pub const ATTRS: u32 = 2;
    /// Made by a `class` statement or `type()`; its attributes may be set.
    pub const HEAP: u32 = 4;
    /// A subclass of `BaseException`.
    pub const EXCEPTION: u32 = 8;
    /// Functions found in this class bind with the instance first (`function`, `method_descriptor`).
    pub const METHOD_DESCRIPTOR: u32 = 16;
    /// The class or a base defines `__del__`.
    pub const FINALIZER: u32 = 32;
    /// Instances refuse attributes beside their slots (`__slots__` without `__dict__` in all of the bases): the
    /// object has [`ATTRS`] storage, for its slots, but no `__dict__`.
    pub const NO_DICT: u32 = 64;
    /// The class or a base has slot descriptors: slot values lie in the attributes under names that are not interned,
    /// and a `__dict__` that was asked for lies there under that name.
    pub const SLOTS: u32 = 128;
    /// Instances match sequence patterns (inherited, as the next two).
    pub const SEQUENCE: u32 = 256;
    /// Instances match mapping patterns.
    pub const MAPPING: u32 = 512;
    /// A class pattern with one positional sub-pattern matches it with the subject itself (`int(n)`).
    pub const MATCH_SELF: u32 = 1024;
    /// `__abstractmethods__` is not empty: the class makes no instances.
    pub const ABSTRACT: u32 = 2048;
    /// Instances can be referred to weakly although there is no `__weakref__`: of a class of a native module, and inherited.
    pub const WEAKREF: u32 = 1 << 17;
    /// The native `__next__` of the class ends an iteration without an exception, of which RAISE would tell: the one without
    /// value that it gives is for those who call it by name.  Classes of native modules that derive from it inherit this.
    pub const PLAIN_END: u32 = 1 << 18;
    /// A class of a native module: its attributes cannot be set, and its `name` for messages has the module in it.
    pub const IMMUTABLE: u32 = 1 << 16;
}

/// What calling a class does, as far as the VM has found out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Construct {
    Unknown,
    /// Nothing that has a quicker way.
    General,
    /// `object`'s `__new__` and `__init__`: without arguments, a bare instance.
    Bare,
    /// A native `__new__`, then this Python function as `__init__`.  The class or a base holds it.
    Init(*mut Gc<Function>),
    /// Nothing but native functions: `__new__`, and `__init__` unless that is `object`'s.  They are held likewise.
    Native {
        new: *mut Gc<Native>,
        init: Option<NonNull<Gc<Native>>>,
    },
}

/// The payload of a class.
pub struct Type {
    pub name: Mut<Ref<Str>>,
    pub qualname: Mut<Value>,
    /// Layout of instances.
    pub instance_kind: Kind,
    pub flags: Cell<u32>,
    pub bases: Mut<Vec<Ref<Type>>>,
    /// Method resolution order.
    pub mro: Mut<Rc<Mro>>,
    /// The namespace; keys are interned names.
    pub dict: Ref<Dict>,
    /// Direct subclasses, not counted: a class takes itself out when it dies.
    subclasses: RefCell<Vec<NonNull<Gc<Type>>>>,
    /// Unique to the present contents of the class and its bases; 0 when nobody has asked since the last change.
    version: Cell<u32>,
    /// Valid while `version` stays, like the following.
    pub construct: Cell<Construct>,
    /// The shape of an instance without attributes.
    root: Box<Shape>,
    heap: *const Heap,
}

// SAFETY: every counted reference is visited; subclasses are not counted.
unsafe impl Object for Type {
    const KIND: Kind = Kind::Type;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(self.name.borrow().as_value());
        visit(&self.qualname.borrow());
        self.bases.borrow().iter().for_each(|t| visit(t.as_value()));
        self.mro.borrow().classes().iter().for_each(|t| visit(t.as_value()));
        visit(self.dict.as_value());
    }
    fn clear(&self) {
        // What was found in it, here or in a subclass, may be gone.
        self.modified();
        self.dict.clear();
        self.mro.set(Mro::behind(Vec::new()));
    }
}

impl Type {
    /// A class without methods.  `behind` is what follows it in its resolution order, and ends in `object`.
    #[allow(clippy::too_many_arguments, reason = "the parts of a class, each given once")]
    pub fn new(
        heap: &Heap,
        meta: &Ref<Type>,
        name: &Ref<Str>,
        bases: Vec<Ref<Type>>,
        behind: Vec<Ref<Type>>,
        dict: Ref<Dict>,
        instance_kind: Kind,
        flags: u32,
    ) -> Ref<Type> {
        dict.header().set_flag(flags::NAMESPACE);
        let data = Type {
            name: Mut::new(name.clone()),
            qualname: Mut::new(name.to_value()),
            instance_kind,
            flags: Cell::new(flags),
            bases: Mut::new(bases.clone()),
            mro: Mut::new(Mro::behind(behind)),
            dict,
            subclasses: RefCell::default(),
            version: Cell::new(0),
            construct: Cell::new(Construct::Unknown),
            root: Shape::root(heap),
            heap,
        };
        let ty = heap.alloc(meta, data);
        for b in bases {
            b.subclasses.borrow_mut().push(ty.clone_ptr());
        }
        ty
    }

    #[inline(always)]
    pub fn heap(&self) -> *const Heap {
        self.heap
    }

    pub fn has(&self, flag: u32) -> bool {
        self.flags.get() & flag != 0
    }

    #[inline(always)]
    pub fn instances_have_attrs(&self) -> bool {
        self.flags.get() & type_flags::ATTRS != 0
    }

    pub(super) fn root_shape(&self) -> *const Shape {
        &*self.root
    }

    /// The class's number, unique to its present contents (see [`Type::modified`]); 0 when the numbers are used up, or
    /// changes of classes in the resolution order are not heard of.
    #[inline]
    pub fn version(&self) -> u32 {
        match self.version.get() {
            0 => self.new_version(),
            version => version,
        }
    }

    /// Numbers the bases first: a class that has no number has no subclass with one, so that most changes end with it.
    #[cold]
    fn new_version(&self) -> u32 {
        if self.mro.borrow().hears_all() && self.bases.borrow().iter().all(|base| base.version() != 0) {
            // SAFETY: a heap outlives its classes.
            self.version.set(unsafe { &*self.heap }.types().next_version());
        }
        self.version.get()
    }

    /// What an inline cache compares with; 0 never matches.
    #[inline(always)]
    pub fn known_version(&self) -> u32 {
        self.version.get()
    }

    /// Call after any change of the namespace or the bases: forgets the versions here and in all subclasses, and with them
    /// all that caches hold.
    pub fn modified(&self) {
        if self.version.get() == 0 {
            return;
        }
        self.version.set(0);
        self.construct.set(Construct::Unknown);
        for &sub in self.subclasses.borrow().iter() {
            // SAFETY: subclasses take themselves out of the list before they die.
            unsafe { sub.as_ref() }.data.modified();
        }
    }

    /// Call instead of [`Type::modified`] when a plain value ([`Value::is_plain`]) has taken the place of another in the
    /// namespace: all that is known of the class stays true, but what the name was found to be.
    pub fn value_replaced(&self, name: &Ref<Str>) {
        let version = self.version.get();
        if version == 0 {
            return;
        }
        // SAFETY: a heap outlives its classes.
        unsafe { &*self.heap }.types().lookups.forget(version, name);
        for &sub in self.subclasses.borrow().iter() {
            // SAFETY: as in `modified`.
            unsafe { sub.as_ref() }.data.value_replaced(name);
        }
    }

    /// The live direct subclasses.
    pub fn subclasses(&self) -> Vec<Ref<Type>> {
        let list = self.subclasses.borrow();
        list.iter()
            .map(|p| {
                // SAFETY: as in `modified`.
                unsafe {
                    p.as_ref().header.increment();
                    Ref::from_raw(*p)
                }
            })
            .collect()
    }

    /// An attribute of the class or the first of its bases that has it, without binding.  `name` is interned.
    #[inline]
    pub fn lookup(&self, name: &Ref<Str>) -> Option<Value> {
        // SAFETY: a heap outlives its classes.
        unsafe { &*self.heap }.types().lookups.lookup(self, name)
    }

    /// The same without the cache.
    fn search(&self, name: &Ref<Str>) -> Option<Value> {
        self.mro.borrow().find(&self.dict, name)
    }

    /// The name for messages: of a built-in class that is not in `builtins`, with its module (CPython's `tp_name`).
    pub fn name_str(&self) -> String {
        self.name.borrow().to_string_lossy().into_owned()
    }

    /// The name without the module that the message name of a native module's class begins with.
    pub fn own_name(&self) -> String {
        self.split_name().1
    }

    /// `__qualname__`, for messages.
    pub fn qualname_str(&self) -> String {
        match self.qualname.borrow().downcast::<Str>() {
            Some(s) if self.has(type_flags::HEAP) => s.to_string(),
            _ => self.split_name().1,
        }
    }

    /// The module that the message name of a built-in class begins with, if any, and the name behind it.
    pub fn split_name(&self) -> (Option<String>, String) {
        let name = self.name_str();
        let built_in = !self.has(type_flags::HEAP) || self.has(type_flags::IMMUTABLE);
        match name.rsplit_once('.') {
            Some((module, own)) if built_in => (Some(module.to_owned()), own.to_owned()),
            _ => (None, name),
        }
    }
}

impl Ref<Type> {
    /// Replaces the direct bases of a built-in class; the caller sets the resolution order and calls [`Type::modified`].
    pub fn set_bases(&self, bases: Vec<Ref<Type>>) {
        let before = self.bases.replace(bases);
        self.move_to_bases(&before);
    }

    /// Makes a class that is not done yet no subclass of its bases; [`Ref::move_to_bases`] makes it one again.
    pub fn leave_all_bases(&self) {
        let me = self.clone_ptr();
        for b in self.bases.borrow().iter() {
            b.subclasses.borrow_mut().retain(|p| *p != me);
        }
    }

    /// Makes a class that had other bases no subclass any more of those that it has not now.
    pub fn leave_bases(&self, before: &[Ref<Type>]) {
        let (me, now) = (self.clone_ptr(), self.bases.borrow());
        for b in before.iter().filter(|b| !now.iter().any(|n| n.is(b))) {
            b.subclasses.borrow_mut().retain(|p| *p != me);
        }
    }

    /// Makes a class that had other bases a subclass of those that it has now, the newest one of each.
    pub fn move_to_bases(&self, before: &[Ref<Type>]) {
        let me = self.clone_ptr();
        for b in before {
            b.subclasses.borrow_mut().retain(|p| *p != me);
        }
        for b in self.bases.borrow().iter() {
            b.subclasses.borrow_mut().push(me);
        }
    }

    fn clone_ptr(&self) -> NonNull<Gc<Type>> {
        // SAFETY: a reference is never null.
        unsafe { NonNull::new_unchecked(self.as_ptr()) }
    }
}

impl Drop for Type {
    fn drop(&mut self) {
        let me: *const Type = self;
        for b in self.bases.borrow().iter() {
            // SAFETY: bases are alive: this class holds references to them.
            b.subclasses.borrow_mut().retain(|p| !std::ptr::eq(unsafe { &p.as_ref().data }, me));
        }
    }
}

/// The order in which the built-in classes are made, with their bases, layouts and flags: the one list of them.
macro_rules! builtin_types {
    ($with:ident) => {
        $with! {
            object: "object", object, Instance, BASE;
            type_: "type", object, Type, BASE;
            int: "int", object, BigInt, BASE | MATCH_SELF;
            bool: "bool", int, BigInt, MATCH_SELF;
            float: "float", object, Float, BASE | MATCH_SELF;
            complex: "complex", object, Opaque, BASE;
            none_type: "NoneType", object, Instance, NONE;
            ellipsis: "ellipsis", object, Instance, NONE;
            not_implemented_type: "NotImplementedType", object, Instance, NONE;
            str: "str", object, Str, BASE | MATCH_SELF;
            bytes: "bytes", object, Bytes, BASE | MATCH_SELF;
            bytearray: "bytearray", object, Opaque, BASE | MATCH_SELF;
            memoryview: "memoryview", object, Opaque, SEQUENCE;
            tuple: "tuple", object, Tuple, BASE | MATCH_SELF | SEQUENCE;
            list: "list", object, List, BASE | MATCH_SELF | SEQUENCE;
            dict: "dict", object, Dict, BASE | MATCH_SELF | MAPPING;
            set: "set", object, Set, BASE | MATCH_SELF;
            frozenset: "frozenset", object, Set, BASE | MATCH_SELF;
            range: "range", object, Range, SEQUENCE;
            slice: "slice", object, Slice, NONE;
            function: "function", object, Function, ATTRS | METHOD_DESCRIPTOR;
            builtin_function: "builtin_function_or_method", object, Native, NONE;
            method_descriptor: "method_descriptor", object, Native, METHOD_DESCRIPTOR;
            classmethod_descriptor: "classmethod_descriptor", object, Native, NONE;
            getset_descriptor: "getset_descriptor", object, Native, NONE;
            member_descriptor: "member_descriptor", object, Opaque, NONE;
            host_callback: "host_callback", object, Opaque, NONE;
            wrapper_descriptor: "wrapper_descriptor", object, Native, METHOD_DESCRIPTOR;
            method_wrapper: "method-wrapper", object, Native, NONE;
            method: "method", object, BoundMethod, NONE;
            code: "code", object, Code, NONE;
            cell: "cell", object, Cell, NONE;
            generator: "generator", object, Generator, NONE;
            coroutine: "coroutine", object, Generator, NONE;
            async_generator: "async_generator", object, Generator, NONE;
            coroutine_wrapper: "coroutine_wrapper", object, Opaque, NONE;
            async_generator_asend: "async_generator_asend", object, Opaque, NONE;
            async_generator_athrow: "async_generator_athrow", object, Opaque, NONE;
            async_generator_wrapped_value: "async_generator_wrapped_value", object, Opaque, NONE;
            anext_awaitable: "anext_awaitable", object, Opaque, NONE;
            type_var: "typing.TypeVar", object, Opaque, ATTRS | WEAKREF;
            param_spec: "typing.ParamSpec", object, Opaque, ATTRS | WEAKREF;
            param_spec_args: "typing.ParamSpecArgs", object, Opaque, NONE;
            param_spec_kwargs: "typing.ParamSpecKwargs", object, Opaque, NONE;
            type_var_tuple: "typing.TypeVarTuple", object, Opaque, ATTRS | WEAKREF;
            type_alias: "typing.TypeAliasType", object, Opaque, NONE;
            generic: "typing.Generic", object, Instance, BASE;
            special_form: "typing._SpecialForm", object, Opaque, NONE;
            no_default_type: "NoDefaultType", object, Instance, NONE;
            template: "string.templatelib.Template", object, Opaque, NONE;
            interpolation: "string.templatelib.Interpolation", object, Opaque, NONE;
            module: "module", object, Module, BASE | ATTRS;
            traceback: "traceback", object, Traceback, NONE;
            frame: "frame", object, Opaque, NONE;
            frame_locals_proxy: "FrameLocalsProxy", object, Opaque, MAPPING;
            property: "property", object, Property, BASE;
            staticmethod: "staticmethod", object, StaticMethod, BASE | ATTRS;
            classmethod: "classmethod", object, ClassMethod, BASE | ATTRS;
            super_: "super", object, Super, BASE;
            enumerate: "enumerate", object, Iter, BASE;
            zip: "zip", object, Iter, BASE;
            map: "map", object, Iter, BASE;
            filter: "filter", object, Iter, BASE;
            reversed: "reversed", object, Iter, BASE;
            list_iterator: "list_iterator", object, Iter, NONE;
            list_reverseiterator: "list_reverseiterator", object, Iter, NONE;
            tuple_iterator: "tuple_iterator", object, Iter, NONE;
            str_iterator: "str_iterator", object, Iter, NONE;
            str_ascii_iterator: "str_ascii_iterator", object, Iter, NONE;
            bytes_iterator: "bytes_iterator", object, Iter, NONE;
            bytearray_iterator: "bytearray_iterator", object, Iter, NONE;
            memory_iterator: "memory_iterator", object, Iter, NONE;
            range_iterator: "range_iterator", object, Iter, NONE;
            longrange_iterator: "longrange_iterator", object, Iter, NONE;
            set_iterator: "set_iterator", object, Iter, NONE;
            dict_keyiterator: "dict_keyiterator", object, Iter, NONE;
            dict_valueiterator: "dict_valueiterator", object, Iter, NONE;
            dict_itemiterator: "dict_itemiterator", object, Iter, NONE;
            dict_reversekeyiterator: "dict_reversekeyiterator", object, Iter, NONE;
            dict_reversevalueiterator: "dict_reversevalueiterator", object, Iter, NONE;
            dict_reverseitemiterator: "dict_reverseitemiterator", object, Iter, NONE;
            generic_alias: "GenericAlias", object, Opaque, BASE;
            union: "Union", object, Opaque, NONE;
            weakref: "ReferenceType", object, Opaque, BASE;
            weak_proxy: "ProxyType", object, Opaque, NONE;
            weak_callable_proxy: "CallableProxyType", object, Opaque, NONE;
            dict_keys: "dict_keys", object, Opaque, NONE;
            dict_values: "dict_values", object, Opaque, NONE;
            dict_items: "dict_items", object, Opaque, NONE;
            mappingproxy: "mappingproxy", object, Opaque, MAPPING;
            callable_iterator: "callable_iterator", object, Iter, NONE;
            iterator: "iterator", object, Iter, NONE;
            simple_namespace: "types.SimpleNamespace", object, Instance, BASE | ATTRS;
            quitter: "Quitter", object, Instance, ATTRS;
            struct_sequence: "structseq", tuple, Tuple, MATCH_SELF | SEQUENCE;
            BaseException: "BaseException", object, Exception, EXC;
            Exception: "Exception", BaseException, Exception, EXC;
            BaseExceptionGroup: "BaseExceptionGroup", BaseException, Exception, EXC;
            ExceptionGroup: "ExceptionGroup", BaseExceptionGroup, Exception, EXC;
            SystemExit: "SystemExit", BaseException, Exception, EXC;
            KeyboardInterrupt: "KeyboardInterrupt", BaseException, Exception, EXC;
            GeneratorExit: "GeneratorExit", BaseException, Exception, EXC;
            StopIteration: "StopIteration", Exception, Exception, EXC;
            StopAsyncIteration: "StopAsyncIteration", Exception, Exception, EXC;
            ArithmeticError: "ArithmeticError", Exception, Exception, EXC;
            FloatingPointError: "FloatingPointError", ArithmeticError, Exception, EXC;
            OverflowError: "OverflowError", ArithmeticError, Exception, EXC;
            ZeroDivisionError: "ZeroDivisionError", ArithmeticError, Exception, EXC;
            AssertionError: "AssertionError", Exception, Exception, EXC;
            AttributeError: "AttributeError", Exception, Exception, EXC;
            BufferError: "BufferError", Exception, Exception, EXC;
            EOFError: "EOFError", Exception, Exception, EXC;
            ImportError: "ImportError", Exception, Exception, EXC;
            ModuleNotFoundError: "ModuleNotFoundError", ImportError, Exception, EXC;
            LookupError: "LookupError", Exception, Exception, EXC;
            IndexError: "IndexError", LookupError, Exception, EXC;
            KeyError: "KeyError", LookupError, Exception, EXC;
            MemoryError: "MemoryError", Exception, Exception, EXC;
            NameError: "NameError", Exception, Exception, EXC;
            UnboundLocalError: "UnboundLocalError", NameError, Exception, EXC;
            OSError: "OSError", Exception, Exception, EXC;
            BlockingIOError: "BlockingIOError", OSError, Exception, EXC;
            ChildProcessError: "ChildProcessError", OSError, Exception, EXC;
            ConnectionError: "ConnectionError", OSError, Exception, EXC;
            BrokenPipeError: "BrokenPipeError", ConnectionError, Exception, EXC;
            ConnectionAbortedError: "ConnectionAbortedError", ConnectionError, Exception, EXC;
            ConnectionRefusedError: "ConnectionRefusedError", ConnectionError, Exception, EXC;
            ConnectionResetError: "ConnectionResetError", ConnectionError, Exception, EXC;
            FileExistsError: "FileExistsError", OSError, Exception, EXC;
            FileNotFoundError: "FileNotFoundError", OSError, Exception, EXC;
            InterruptedError: "InterruptedError", OSError, Exception, EXC;
            IsADirectoryError: "IsADirectoryError", OSError, Exception, EXC;
            NotADirectoryError: "NotADirectoryError", OSError, Exception, EXC;
            PermissionError: "PermissionError", OSError, Exception, EXC;
            ProcessLookupError: "ProcessLookupError", OSError, Exception, EXC;
            TimeoutError: "TimeoutError", OSError, Exception, EXC;
            ReferenceError: "ReferenceError", Exception, Exception, EXC;
            RuntimeError: "RuntimeError", Exception, Exception, EXC;
            NotImplementedError: "NotImplementedError", RuntimeError, Exception, EXC;
            PythonFinalizationError: "PythonFinalizationError", RuntimeError, Exception, EXC;
            RecursionError: "RecursionError", RuntimeError, Exception, EXC;
            SyntaxError: "SyntaxError", Exception, Exception, EXC;
            IndentationError: "IndentationError", SyntaxError, Exception, EXC;
            TabError: "TabError", IndentationError, Exception, EXC;
            SystemError: "SystemError", Exception, Exception, EXC;
            TypeError: "TypeError", Exception, Exception, EXC;
            ValueError: "ValueError", Exception, Exception, EXC;
            UnicodeError: "UnicodeError", ValueError, Exception, EXC;
            UnicodeDecodeError: "UnicodeDecodeError", UnicodeError, Exception, EXC;
            UnicodeEncodeError: "UnicodeEncodeError", UnicodeError, Exception, EXC;
            UnicodeTranslateError: "UnicodeTranslateError", UnicodeError, Exception, EXC;
            Warning: "Warning", Exception, Exception, EXC;
            BytesWarning: "BytesWarning", Warning, Exception, EXC;
            DeprecationWarning: "DeprecationWarning", Warning, Exception, EXC;
            EncodingWarning: "EncodingWarning", Warning, Exception, EXC;
            FutureWarning: "FutureWarning", Warning, Exception, EXC;
            ImportWarning: "ImportWarning", Warning, Exception, EXC;
            PendingDeprecationWarning: "PendingDeprecationWarning", Warning, Exception, EXC;
            ResourceWarning: "ResourceWarning", Warning, Exception, EXC;
            RuntimeWarning: "RuntimeWarning", Warning, Exception, EXC;
            SyntaxWarning: "SyntaxWarning", Warning, Exception, EXC;
            UnicodeWarning: "UnicodeWarning", Warning, Exception, EXC;
            UserWarning: "UserWarning", Warning, Exception, EXC;
        }
    };
}

mod shorthand {
    pub use super::type_flags::*;
    pub const NONE: u32 = 0;
    pub const EXC: u32 = BASE | ATTRS | EXCEPTION;
}

macro_rules! define_table {
    ($($field:ident: $name:literal, $base:ident, $kind:ident, $($flag:ident)|+;)*) => {
        /// The built-in classes of one heap, by name.
        #[allow(non_snake_case)]
        pub struct TypeTable {
            $(pub $field: Ref<Type>,)*
            versions: Cell<u32>,
            lookups: LookupCache,
            /// Interned names that the VM asks for.
            pub names: intern_names::Names,
            /// The one tuple without items.
            pub empty_tuple: Ref<Tuple>,
        }

        impl TypeTable {
            /// Makes all built-in classes, empty of methods, and hands the table to the heap.
            pub(super) fn bootstrap(heap: &Heap) {
                let seed = Seed::new(heap);
                $(#[allow(non_snake_case)] let $field = seed.get(heap, $name, stringify!($base), stringify!($field), Kind::$kind, $(shorthand::$flag)|+);)*
                // Names are made last: they need the class `str` to be in place.
                let names = intern_names::Names::new(heap, &seed.made.borrow()["str"]);
                let empty_tuple = Tuple::empty_of(heap, &seed.made.borrow()["tuple"]);
                heap.set_types(Box::new(TypeTable {
                    $($field,)*
                    versions: Cell::new(1),
                    lookups: LookupCache::new(),
                    names,
                    empty_tuple,
                }));
            }

            /// Every built-in class.
            pub fn all(&self) -> Vec<&Ref<Type>> {
                vec![$(&self.$field),*]
            }

            /// Forgets all references without counting down.
            pub(super) fn forget(self: Box<Self>) {
                let table = *self;
                $(std::mem::forget(table.$field);)*
                table.names.forget();
                std::mem::forget(table.empty_tuple);
            }
        }
    };
}

builtin_types!(define_table);

impl TypeTable {
    /// Forgets what names were found to be in classes.
    pub(super) fn forget_lookups(&self) {
        self.lookups.clear();
    }

    /// A number that no class or dict has had before in this heap; 0 when they are used up.
    pub fn next_version(&self) -> u32 {
        let n = self.versions.get();
        if n == u32::MAX {
            // Of dicts' keys the mark of no version.
            self.versions.set(0);
            return 0;
        }
        if n != 0 {
            self.versions.set(n.wrapping_add(1));
        }
        n
    }
}

/// The first classes refer to one another: `object` and `type` are instances of `type`, every namespace is a `dict`,
/// every name a `str`.  They are allocated first, and their headers completed as they appear.
struct Seed {
    made: RefCell<FxHashMap<&'static str, Ref<Type>>>,
}

pub mod intern_names;
mod lookup_cache;
mod mro;

impl Seed {
    fn new(heap: &Heap) -> Seed {
        let seed = Seed { made: RefCell::default() };
        // Memory for the three classes that everything else needs; their payloads follow at once.
        let [object, type_, str, dict] =
            [(); 4].map(|_| heap.raw(std::mem::size_of::<Gc<Type>>(), false, Kind::Type, None));
        let as_ref = |p: NonNull<super::header::Header>| -> Ref<Type> {
            // SAFETY: the header is written, and the payload is before anyone reads it.
            unsafe {
                p.as_ref().increment();
                Ref::from_raw(p.cast())
            }
        };
        let (o, t, s, d) = (as_ref(object), as_ref(type_), as_ref(str), as_ref(dict));
        let put = |p: NonNull<super::header::Header>,
                   name: &'static str,
                   kind: Kind,
                   bases: Vec<Ref<Type>>,
                   key: &'static str| {
            // The namespace and name are allocated with classes that are only addresses yet; `alloc` reads their
            // flags, so those are written first, by the order below.
            let dict = raw_dict(heap, &d);
            dict.header().set_flag(flags::NAMESPACE);
            let data = Type {
                name: Mut::new(raw_str(heap, &s, name)),
                qualname: Mut::new(Value::NONE),
                instance_kind: kind,
                flags: Cell::new(type_flags::BASE),
                mro: Mut::new(Mro::behind(bases.clone())),
                bases: Mut::new(bases),
                dict,
                subclasses: RefCell::default(),
                version: Cell::new(0),
                construct: Cell::new(Construct::Unknown),
                root: Shape::root(heap),
                heap,
            };
            // SAFETY: the cell has room for a Gc<Type> and nobody reads the payload before.
            unsafe { (&raw mut (*p.cast::<Gc<Type>>().as_ptr()).data).write(data) };
            // SAFETY: the header is written.
            unsafe { p.as_ref() }.set_ty(t.clone());
            seed.made.borrow_mut().insert(key, as_ref(p));
        };
        put(object, "object", Kind::Instance, vec![], "object");
        put(type_, "type", Kind::Type, vec![o.clone()], "type_");
        put(str, "str", Kind::Str, vec![o.clone()], "str");
        put(dict, "dict", Kind::Dict, vec![o.clone()], "dict");
        for p in [&t, &s, &d] {
            o.subclasses.borrow_mut().push(p.clone_ptr());
            p.qualname.set(p.name.borrow().to_value());
        }
        o.qualname.set(o.name.borrow().to_value());
        seed
    }

    fn get(
        &self,
        heap: &Heap,
        name: &'static str,
        base: &'static str,
        key: &'static str,
        kind: Kind,
        flags: u32,
    ) -> Ref<Type> {
        if let Some(t) = self.made.borrow().get(key) {
            t.flags.set(flags);
            return t.clone();
        }
        let made = self.made.borrow();
        let base = made[base].clone();
        let mut tail = vec![base.clone()];
        tail.extend(base.mro.borrow().classes().iter().cloned());
        let (meta, str, dict) = (made["type_"].clone(), made["str"].clone(), made["dict"].clone());
        drop(made);
        let t =
            Type::new(heap, &meta, &raw_str(heap, &str, name), vec![base], tail, raw_dict(heap, &dict), kind, flags);
        self.made.borrow_mut().insert(key, t.clone());
        t
    }
}

fn raw_str(heap: &Heap, ty: &Ref<Type>, text: &'static str) -> Ref<Str> {
    Str::ascii_of_class(heap, ty, text)
}

fn raw_dict(heap: &Heap, ty: &Ref<Type>) -> Ref<Dict> {
    let class = ty.clone().into_raw();
    let p = heap.raw(std::mem::size_of::<Gc<Dict>>(), false, Kind::Dict, Some(class)).cast::<Gc<Dict>>();
    // SAFETY: the cell has room for a `Gc<Dict>` and is new.
    unsafe {
        (&raw mut (*p.as_ptr()).data).write(Dict::default());
        Ref::from_raw(p)
    }
}
