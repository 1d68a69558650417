//! Raising: exceptions travel through native code as the error of a `Result`.

use crate::object::header::Ref;
use crate::object::heap::OutOfMemory;
use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::Vm;

/// An exception in flight: an instance of a subclass of `BaseException`.
#[derive(Debug)]
pub struct Exc(pub Value);

/// What native code returns.
pub type R<T = Value> = Result<T, Exc>;

macro_rules! raisers {
    ($($method:ident $class:ident;)*) => {
        impl Vm {
            $(
                #[doc = concat!("A new `", stringify!($class), "` with this message.")]
                #[cold]
                pub fn $method(&mut self, message: impl AsRef<str>) -> Exc {
                    let class = self.types().$class.clone();
                    self.error(&class, message.as_ref())
                }
            )*
        }
    };
}

raisers! {
    type_error TypeError;
    value_error ValueError;
    index_error IndexError;
    attribute_error_text AttributeError;
    name_error_text NameError;
    runtime_error RuntimeError;
    recursion_error RecursionError;
    overflow_error OverflowError;
    zero_division_error ZeroDivisionError;
    not_implemented_error NotImplementedError;
    assertion_error AssertionError;
    system_error SystemError;
    lookup_error LookupError;
    import_error_text ImportError;
    buffer_error BufferError;
}

impl Vm {
    /// A new exception of a built-in class with one str argument.
    #[cold]
    pub fn error(&mut self, class: &Ref<Type>, message: &str) -> Exc {
        let arg = Str::new(&self.heap, message).into();
        self.exception(class, vec![arg])
    }

    /// A new exception of a built-in class with these `args` (its `__init__` is not run).
    #[cold]
    pub fn exception(&mut self, class: &Ref<Type>, args: Vec<Value>) -> Exc {
        let args = Tuple::new(&self.heap, args);
        let x = self.heap.alloc(class, crate::object::exception::Exception::new(args));
        self.init_fields(&x);
        Exc(x.into())
    }

    /// A `KeyError` whose argument is the key.
    #[cold]
    pub fn key_error(&mut self, key: &Value) -> Exc {
        let class = self.types().KeyError.clone();
        self.exception(&class, vec![key.clone()])
    }

    /// A `MemoryError` without text, as CPython's.
    #[cold]
    pub fn memory_error(&mut self) -> Exc {
        let class = self.types().MemoryError.clone();
        self.exception(&class, vec![])
    }

    /// What could not be allocated is a `MemoryError`.
    pub fn allocated<T>(&mut self, done: Result<T, OutOfMemory>) -> R<T> {
        done.map_err(|OutOfMemory| self.memory_error())
    }

    /// Asks before a large allocation.
    pub fn check_memory(&mut self, bytes: Option<usize>) -> R<()> {
        match bytes.map(|b| self.heap.check(b)) {
            Some(Ok(())) => Ok(()),
            Some(Err(OutOfMemory)) | None => Err(self.memory_error()),
        }
    }

    /// Whether an exception in flight is an instance of a class.
    pub fn is_exception(&self, e: &Exc, class: &Ref<Type>) -> bool {
        e.0.class(&self.heap).is_subclass(class)
    }
}
