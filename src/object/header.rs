//! What every heap object starts with, and typed references to objects.

use std::cell::Cell;
use std::marker::PhantomData;
use std::ops::Deref;
use std::ptr::NonNull;

use super::heap::Heap;
use super::types::Type;
use super::value::Value;

/// How an object is laid out.  Instances of Python subclasses of a built-in type have the kind of that type;
/// [`Header::ty`] tells the class.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// A freed cell of a slab; no value points to one.
    Free = 0,
    /// An instance of a class whose bases have no layout of their own.
    Instance,
    BigInt,
    Float,
    Str,
    Bytes,
    Tuple,
    List,
    Dict,
    Set,
    Range,
    Slice,
    Type,
    Function,
    Native,
    BoundMethod,
    Code,
    Cell,
    Generator,
    Module,
    Exception,
    Traceback,
    Property,
    StaticMethod,
    ClassMethod,
    Super,
    /// Every built-in iterator.
    Iter,
    /// A type with its data behind a trait object: whatever needs no speed of its own.
    Opaque,
}

/// The first 16 bytes of every heap object.
///
/// The count has 32 bits: the heap's memory ceiling is at most 32 GiB and each counted reference takes at least eight
/// bytes of it, so it cannot overflow (`Heap::CEILING_MAX`).
#[repr(C, align(8))]
pub struct Header {
    count: Cell<u32>,
    kind: Cell<Kind>,
    flags: Cell<u8>,
    /// Size of the cell in units of 16 bytes; 0 for an object of its own allocation.
    pub(super) cell_units: Cell<u16>,
    /// The object's class: an owned reference, as in CPython.
    ty: Cell<Option<NonNull<Gc<Type>>>>,
}

/// Header flags.
pub mod flags {
    /// The object carries instance attributes behind its payload (`Attrs`).
    pub const HAS_ATTRS: u8 = 1;
    /// The object is being freed or is on the list of objects to free.
    pub const DYING: u8 = 2;
    /// The finalizer (`__del__`, closing a generator) has run or is about to.
    pub const FINALIZED: u8 = 4;
    /// A str of the intern table.
    pub const INTERNED: u8 = 8;
    /// There are (or were) weak references to the object.
    pub const WEAKLY_REFERENCED: u8 = 16;
    /// The collector leaves the object and what it reaches alone (`gc.freeze`).
    pub const FROZEN: u8 = 32;
    /// The namespace of a class.  Programs see it through a proxy only: what changes it must call `Type::modified`, for
    /// caches hold what was found in it without counting.
    pub const NAMESPACE: u8 = 64;
}

impl Header {
    /// Where the class lies in it.
    pub(super) const CLASS_OFFSET: usize = std::mem::offset_of!(Header, ty);

    pub(super) fn new(kind: Kind, flags: u8, cell_units: u16, ty: Option<NonNull<Gc<Type>>>) -> Header {
        Header {
            count: Cell::new(1),
            kind: Cell::new(kind),
            flags: Cell::new(flags),
            cell_units: Cell::new(cell_units),
            ty: Cell::new(ty),
        }
    }

    #[inline(always)]
    pub fn kind(&self) -> Kind {
        self.kind.get()
    }

    pub(super) fn set_kind(&self, kind: Kind) {
        self.kind.set(kind);
    }

    #[inline(always)]
    pub fn flags(&self) -> u8 {
        self.flags.get()
    }

    pub fn set_flag(&self, flag: u8) {
        self.flags.set(self.flags.get() | flag);
    }

    pub fn clear_flag(&self, flag: u8) {
        self.flags.set(self.flags.get() & !flag);
    }

    #[inline(always)]
    pub fn has_flag(&self, flag: u8) -> bool {
        self.flags.get() & flag != 0
    }

    #[inline(always)]
    pub fn count(&self) -> u32 {
        self.count.get()
    }

    pub(super) fn set_count(&self, n: u32) {
        self.count.set(n);
    }

    #[inline(always)]
    pub fn increment(&self) {
        self.count.set(self.count.get().wrapping_add(1));
    }

    /// Gives up one counted reference; frees the object if it was the last.
    ///
    /// # Safety
    /// The caller owned a counted reference to the live object `h` and does not use it again.
    #[inline(always)]
    pub unsafe fn decrement(h: NonNull<Header>) {
        // SAFETY: the object is live by the caller's reference.
        let n = unsafe { h.as_ref() }.count.get();
        debug_assert!(n > 0, "a reference was given up twice");
        // SAFETY: as above.
        unsafe { h.as_ref() }.count.set(n - 1);
        if n == 1 {
            // SAFETY: no reference is left.
            unsafe { Heap::release(h) }
        }
    }

    /// Gives up one counted reference; true if it was the last, and the caller must call [`Heap::release`].
    ///
    /// # Safety
    /// As for [`Header::decrement`].
    #[inline(always)]
    pub unsafe fn give_up(&self) -> bool {
        debug_assert!(self.count.get() > 0, "a reference was given up twice");
        let n = self.count.get() - 1;
        self.count.set(n);
        n == 0
    }

    /// The class, borrowed from the object.
    #[inline(always)]
    pub fn ty(&self) -> &Ref<Type> {
        // SAFETY: `Option<NonNull<Gc<Type>>>` and `Ref<Type>` have the same representation, and the class of an
        // object that is reachable is set (only `Heap::bootstrap` makes objects before the first class).
        unsafe { &*(self.ty.as_ptr() as *const Ref<Type>) }
    }

    /// Changes the class (`__class__` assignment); the new class must have the same layout.
    #[inline(always)]
    pub(super) fn set_ty(&self, ty: Ref<Type>) -> Option<Ref<Type>> {
        let old = self.ty.replace(Some(ty.into_raw()));
        // SAFETY: the header owned that reference.
        old.map(|p| unsafe { Ref::from_raw(p) })
    }

    pub(super) fn take_ty(&self) -> Option<NonNull<Gc<Type>>> {
        self.ty.take()
    }

    /// The heap that the object lives in.
    #[inline(always)]
    pub fn heap(&self) -> &Heap {
        // SAFETY: a class outlives its instances, and a heap its classes.
        unsafe { &*self.ty().heap() }
    }
}

/// A type that can be the payload of a heap object.
///
/// # Safety
/// `KIND` belongs to this type alone, and [`Object::traverse`] visits every counted reference that the payload owns
/// exactly once (the cycle collector subtracts what it is shown).
pub unsafe trait Object: Sized + 'static {
    const KIND: Kind;
    /// Shows every owned reference.
    fn traverse(&self, visit: &mut dyn FnMut(&Value));
    /// Drops the references through which a cycle can run; the object stays valid, if empty.
    fn clear(&self) {}
    /// Bytes that it has outside of its cell from its birth to its death, always as many.
    fn outside(&self) -> usize {
        0
    }
    /// Whether the collector must look into it (a payload that owns no values says false).
    const CONTAINER: bool = true;
}

/// A heap object: header, then payload, then instance attributes where the flag says so.
#[repr(C)]
pub struct Gc<T> {
    pub header: Header,
    pub data: T,
}

/// An owned, counted reference to an object whose payload type is known.  One pointer wide, never null.
#[repr(transparent)]
pub struct Ref<T: Object>(NonNull<Gc<T>>, PhantomData<Gc<T>>);

impl<T: Object> Ref<T> {
    /// Takes over a counted reference.
    ///
    /// # Safety
    /// `p` is a live `Gc<T>` and the caller owned one of its counted references.
    #[inline(always)]
    pub unsafe fn from_raw(p: NonNull<Gc<T>>) -> Ref<T> {
        Ref(p, PhantomData)
    }

    /// Gives up ownership without counting down.
    #[inline(always)]
    pub fn into_raw(self) -> NonNull<Gc<T>> {
        let p = self.0;
        std::mem::forget(self);
        p
    }

    #[inline(always)]
    pub fn as_ptr(&self) -> *mut Gc<T> {
        self.0.as_ptr()
    }

    /// The whole object.
    #[inline(always)]
    pub fn gc(&self) -> &Gc<T> {
        // SAFETY: the reference keeps the object alive.
        unsafe { self.0.as_ref() }
    }

    #[inline(always)]
    pub fn header(&self) -> &Header {
        &self.gc().header
    }

    #[inline(always)]
    pub fn ty(&self) -> &Ref<Type> {
        self.header().ty()
    }

    /// The same reference, untyped, borrowed.
    #[inline(always)]
    pub fn as_value(&self) -> &Value {
        // SAFETY: a pointer to an object is the word of its value.
        unsafe { &*(self as *const Ref<T> as *const Value) }
    }

    #[inline(always)]
    pub fn into_value(self) -> Value {
        // SAFETY: the counted reference is handed over.
        unsafe { Value::from_bits(self.into_raw().as_ptr() as u64) }
    }

    #[inline(always)]
    pub fn to_value(&self) -> Value {
        self.as_value().clone()
    }

    /// Python's `is`.
    #[inline(always)]
    pub fn is(&self, other: &Ref<T>) -> bool {
        self.0 == other.0
    }
}

impl<T: Object> Deref for Ref<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: the reference keeps the object alive, and payloads are only changed through cells.
        unsafe { &self.0.as_ref().data }
    }
}

impl<T: Object> Clone for Ref<T> {
    #[inline(always)]
    fn clone(&self) -> Ref<T> {
        self.header().increment();
        Ref(self.0, PhantomData)
    }
}

impl<T: Object> Drop for Ref<T> {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: this reference was counted and is given up here.
        unsafe { Header::decrement(self.0.cast()) }
    }
}

impl<T: Object> From<Ref<T>> for Value {
    #[inline(always)]
    fn from(r: Ref<T>) -> Value {
        r.into_value()
    }
}
