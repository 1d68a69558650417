//! Instance attributes: a hidden class (shape) that names the slots, and the slots.
//!
//! Objects whose class has attributes carry an [`Attrs`] in front of their header.  Objects of one class that got the
//! same attributes in the same order share a [`Shape`], which is what inline caches compare.

use std::cell::{Cell, RefCell};
use std::mem::size_of;
use std::ptr::NonNull;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::header::{Header, Ref, flags};
use super::heap::{Heap, PREFIX};
use super::str::Str;
use super::types::Type;
use super::value::Value;

/// The names of the slots of a group of objects, in the order in which they were set.
///
/// Shapes form a tree under their class; they live as long as the class does.
pub struct Shape {
    names: Vec<Ref<Str>>,
    /// Slot of each interned name, where they are more than [`FEW`].
    index: FxHashMap<usize, u32>,
    next: RefCell<FxHashMap<usize, Box<Shape>>>,
    tree: Rc<Tree>,
    _pin: std::marker::PhantomPinned,
}

/// What the shapes of a class take together.
struct Tree {
    heap: *const Heap,
    shapes: Cell<usize>,
    bytes: Cell<usize>,
}

/// So many names are looked through.
const FEW: usize = 8;

/// Objects with more attributes than this keep them in a dict.
pub const MAX_SLOTS: usize = 128;

/// A class whose objects have had so many shapes is used like a dict, and so are its further objects: a program that makes up
/// names could have any number of shapes.
const MAX_SHAPES: usize = 2048;

impl Tree {
    fn add(&self, shape: &Shape) {
        // With its entry in the table of its parent.
        let bytes = size_of::<(usize, Box<Shape>)>()
            + size_of::<Shape>()
            + shape.names.capacity() * size_of::<Ref<Str>>()
            + shape.index.capacity() * size_of::<(usize, u32)>();
        self.shapes.set(self.shapes.get() + 1);
        self.bytes.set(self.bytes.get() + bytes);
        // SAFETY: a heap outlives its classes.
        unsafe { &*self.heap }.account(0, bytes);
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        // SAFETY: as in `add`.
        unsafe { &*self.heap }.account(self.bytes.get(), 0);
    }
}

impl Shape {
    pub fn root(heap: &Heap) -> Box<Shape> {
        Box::new(Shape {
            names: Vec::new(),
            index: FxHashMap::default(),
            next: RefCell::default(),
            tree: Rc::new(Tree { heap, shapes: Cell::new(0), bytes: Cell::new(0) }),
            _pin: std::marker::PhantomPinned,
        })
    }

    pub fn names(&self) -> &[Ref<Str>] {
        &self.names
    }

    /// The slot of an interned name.
    #[inline]
    pub fn slot(&self, name: &Ref<Str>) -> Option<usize> {
        if self.names.len() <= FEW {
            return self.names.iter().position(|n| n.is(name));
        }
        self.index.get(&(name.as_ptr() as usize)).map(|&i| i as usize)
    }

    /// Whether an object of this shape may get the attribute `name`, which it does not have, without becoming a dict.
    fn extends_by(&self, name: &Ref<Str>) -> bool {
        self.names.len() < MAX_SLOTS
            && (self.tree.shapes.get() < MAX_SHAPES || self.next.borrow().contains_key(&(name.as_ptr() as usize)))
    }

    /// The shape with one more name.
    pub fn with(&self, name: &Ref<Str>) -> NonNull<Shape> {
        let mut next = self.next.borrow_mut();
        let child = next.entry(name.as_ptr() as usize).or_insert_with(|| {
            let mut names = Vec::with_capacity(self.names.len() + 1);
            names.extend_from_slice(&self.names);
            names.push(name.clone());
            let index = match names.len() {
                ..=FEW => FxHashMap::default(),
                _ => names.iter().enumerate().map(|(i, name)| (name.as_ptr() as usize, i as u32)).collect(),
            };
            let tree = self.tree.clone();
            let shape = Shape { names, index, next: RefCell::default(), tree, _pin: std::marker::PhantomPinned };
            self.tree.add(&shape);
            Box::new(shape)
        });
        NonNull::from(&**child)
    }
}

/// The prefix of an object with attributes.
#[repr(C)]
pub struct Attrs {
    /// Null: the attributes are in a dict, whose value word is in `slots`.
    shape: Cell<*const Shape>,
    /// A buffer of `capacity(shape.names.len())` value words, or null while there are none; or the dict.
    slots: Cell<*mut Value>,
}

const _: () = assert!(PREFIX == 16);

/// Capacity of the slot buffer for `n` names.
fn capacity(n: usize) -> usize {
    if n == 0 { 0 } else { n.next_power_of_two().max(4) }
}

impl Attrs {
    pub(super) fn empty(ty: &Type) -> Attrs {
        Attrs { shape: Cell::new(ty.root_shape()), slots: Cell::new(std::ptr::null_mut()) }
    }

    /// Where the prefix of an object lies.
    ///
    /// # Safety
    /// The object has a prefix (`HAS_ATTRS`).
    #[inline(always)]
    pub unsafe fn of_raw(h: NonNull<Header>) -> *mut Attrs {
        // SAFETY: by the caller.
        unsafe { h.as_ptr().cast::<u8>().sub(PREFIX).cast() }
    }

    /// The attributes of an object, where its class gives it any.
    #[inline(always)]
    pub fn of(h: &Header) -> Option<&Attrs> {
        if h.has_flag(flags::HAS_ATTRS) {
            // SAFETY: the flag says that the prefix is there.
            Some(unsafe { &*Attrs::of_raw(NonNull::from(h)) })
        } else {
            None
        }
    }

    /// The address that inline caches compare; null in dict mode.
    #[inline(always)]
    pub fn shape_ptr(&self) -> *const Shape {
        self.shape.get()
    }

    #[inline(always)]
    pub fn shape(&self) -> Option<&Shape> {
        // SAFETY: shapes live as long as the class, which this object keeps alive.
        unsafe { self.shape.get().as_ref() }
    }

    /// The value of a slot; `i` is a slot of the current shape.
    ///
    /// # Safety
    /// The object has a shape with more than `i` names.
    #[inline(always)]
    pub unsafe fn slot(&self, i: usize) -> &Value {
        // SAFETY: the buffer holds a value for every name of the shape.
        unsafe { &*self.slots.get().add(i) }
    }

    /// Replaces the value of a slot and returns the old one.
    ///
    /// # Safety
    /// As for [`Attrs::slot`].
    #[inline(always)]
    pub unsafe fn replace_slot(&self, i: usize, v: Value) -> Value {
        // SAFETY: as above; no borrow of the slot lives.
        unsafe { std::mem::replace(&mut *self.slots.get().add(i), v) }
    }

    /// The dict that holds the attributes, if the object has changed to one.
    #[inline]
    pub fn dict(&self) -> Option<&Value> {
        if self.shape.get().is_null() {
            // SAFETY: in dict mode the field holds the word of the dict, which is never zero.
            Some(unsafe { &*(self.slots.as_ptr() as *const Value) })
        } else {
            None
        }
    }

    /// Looks up an interned name among the slots (not in dict mode).
    pub fn get(&self, name: &Ref<Str>) -> Option<Value> {
        let i = self.shape()?.slot(name)?;
        // SAFETY: the slot belongs to the shape.
        Some(unsafe { self.slot(i) }.clone())
    }

    /// Sets an interned name among the slots.  Err gives the value back: the object is in dict mode or must change to it.
    pub fn set(&self, h: &Header, name: &Ref<Str>, v: Value) -> Result<(), Value> {
        let Some(shape) = self.shape() else {
            return Err(v);
        };
        if let Some(i) = shape.slot(name) {
            // SAFETY: the slot belongs to the shape.
            drop(unsafe { self.replace_slot(i, v) });
            return Ok(());
        }
        if !shape.extends_by(name) {
            return Err(v);
        }
        // SAFETY: the object has `shape`, and the new one is that with one name more.
        unsafe { self.push(h, shape.with(name), shape.names.len(), v) };
        Ok(())
    }

    /// Adds slot `n` and changes to `shape`, which has `n + 1` names.
    ///
    /// # Safety
    /// The object's shape has the first `n` names of `shape`, which is of its class.
    pub unsafe fn push(&self, h: &Header, shape: NonNull<Shape>, n: usize, v: Value) {
        let (old, new) = (capacity(n), capacity(n + 1));
        if new > old {
            let (heap, p) = (h.heap(), self.slots.get());
            let grown = heap.slots.take(new);
            if !p.is_null() {
                // SAFETY: the buffer has `old` words and holds `n` values, which move.
                unsafe {
                    std::ptr::copy_nonoverlapping(p, grown, n);
                    heap.slots.give_back(p, old);
                }
            }
            self.slots.set(grown);
            heap.account(old * 8, new * 8);
        }
        // SAFETY: there is room for `n + 1` words; word `n` is not initialised.
        unsafe { self.slots.get().add(n).write(v) }
        self.shape.set(shape.as_ptr());
    }

    /// Changes to dict mode; the caller has put the values of [`Attrs::items`] into `dict`.
    pub fn become_dict(&self, h: &Header, dict: Value) {
        let old = self.take(h);
        self.shape.set(std::ptr::null());
        self.slots.set(dict.into_bits() as *mut Value);
        drop(old);
    }

    /// Gives the object exactly these attributes, in this order, under the root shape of its present class.
    pub fn rebuild(&self, h: &Header, items: Vec<(Ref<Str>, Value)>) {
        let old = self.take(h);
        self.shape.set(h.ty().root_shape());
        for (n, (name, v)) in items.into_iter().enumerate() {
            if let Some(shape) = self.shape() {
                // SAFETY: as in `set`.
                unsafe { self.push(h, shape.with(&name), n, v) };
            }
        }
        drop(old);
    }

    /// Changes the class of an object (`__class__` assignment) and moves its attributes to the shapes of that class.
    /// `renamed` gives the names that slots have there.  The caller has seen to it that both classes have the same layout.
    pub fn change_class(h: &Header, class: Ref<Type>, renamed: impl Fn(&Ref<Str>) -> Option<Ref<Str>>) {
        let new_name = |(name, v): (Ref<Str>, Value)| (renamed(&name).unwrap_or(name), v);
        let items = Attrs::of(h).filter(|a| a.shape().is_some());
        let items = items.map(|a| (a, a.items().into_iter().map(new_name).collect()));
        // The old class, and with it the old shape, is alive until the end.
        let old = h.set_ty(class);
        if let Some((attrs, items)) = items {
            attrs.rebuild(h, items);
        }
        drop(old);
    }

    /// Names and values in order (not in dict mode).
    pub fn items(&self) -> Vec<(Ref<Str>, Value)> {
        match self.shape() {
            // SAFETY: the buffer holds a value for every name of the shape.
            Some(s) => s.names.iter().enumerate().map(|(i, n)| (n.clone(), unsafe { self.slot(i) }.clone())).collect(),
            None => Vec::new(),
        }
    }

    pub(super) fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        match self.shape() {
            Some(s) => {
                for i in 0..s.names.len() {
                    // SAFETY: as in `items`.
                    visit(unsafe { self.slot(i) });
                }
            }
            None => {
                if let Some(d) = self.dict() {
                    visit(d)
                }
            }
        }
    }

    /// Takes all values out; the object is left without a buffer and must get a shape or dict, or die.
    fn take(&self, h: &Header) -> Vec<Value> {
        let Some(shape) = self.shape() else {
            let bits = self.slots.replace(std::ptr::null_mut()) as u64;
            if bits == 0 {
                return Vec::new();
            }
            // SAFETY: in dict mode the field owns the dict.
            return vec![unsafe { Value::from_bits(bits) }];
        };
        let n = shape.names.len();
        let p = self.slots.replace(std::ptr::null_mut());
        if p.is_null() {
            return Vec::new();
        }
        // SAFETY: the buffer holds `n` values and has that capacity.
        let values = unsafe {
            let values = (0..n).map(|i| p.add(i).read()).collect();
            h.heap().slots.give_back(p, capacity(n));
            values
        };
        h.heap().account(capacity(n) * 8, 0);
        values
    }

    /// Drops all attributes (the collector breaks a cycle, or the object dies).
    pub(super) fn clear(&self, h: &Header) {
        let Some(n) = self.shape().map(|s| s.names.len()) else {
            let old = self.take(h);
            self.shape.set(h.ty().root_shape());
            drop(old);
            return;
        };
        let p = self.slots.replace(std::ptr::null_mut());
        self.shape.set(h.ty().root_shape());
        if p.is_null() {
            return;
        }
        let heap = h.heap();
        // SAFETY: the buffer held `n` values and has that capacity; the object knows it no more, so what runs when a value
        // dies cannot find it.
        unsafe {
            std::ptr::drop_in_place(std::ptr::slice_from_raw_parts_mut(p, n));
            heap.slots.give_back(p, capacity(n));
        }
        heap.account(capacity(n) * 8, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::super::instance::Instance;
    use super::*;

    #[test]
    fn a_class_has_so_many_shapes_and_its_further_objects_are_dicts() {
        let heap = Heap::new();
        let class = heap.types().simple_namespace.clone();
        let set = |i: usize| {
            let o = heap.alloc(&class, Instance);
            let name = heap.interned.intern(&Str::new(&heap, &format!("attribute_{i}")));
            Attrs::of(o.header()).unwrap().set(o.header(), &name, Value::NONE).is_ok()
        };
        let before = heap.used();
        assert!((0..MAX_SHAPES).all(set));
        let after = heap.used();
        assert!(after - before > MAX_SHAPES * size_of::<Shape>());
        assert!(!(MAX_SHAPES..MAX_SHAPES + 100).any(set), "made-up names have no shapes of their own any more");
        assert!((0..MAX_SHAPES).all(set), "the shapes that there are go on being used");
    }
}
