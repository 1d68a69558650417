//! Allocation: slabs of equal cells, the ledger of what is used, and the freeing of dead objects.
//!
//! A cell holds an object, or an attribute prefix ([`Attrs`]) and then the object; the two never share a page, so
//! that the collector can walk a page.  Objects over [`MAX_CELL`] bytes get an allocation of their own.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::cell::{Cell, UnsafeCell};
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::attrs::Attrs;
use super::dict::Dict;
use super::header::{Gc, Header, Kind, Object, Ref, flags};
use super::slots::SlotBuffers;
use super::types::{Type, TypeTable};
use super::value::Value;
use super::visit;

/// Bytes of a page, and its alignment.
pub(super) const PAGE: usize = 64 * 1024;
/// Size classes are multiples of this.
const UNIT: usize = 16;
/// Largest cell.
pub const MAX_CELL: usize = 512;
const CLASSES: usize = MAX_CELL / UNIT + 1;
/// Bytes in front of an object that carries attributes.
pub const PREFIX: usize = std::mem::size_of::<Attrs>();
/// After how many new containers a collection is due, at the least.
pub const DEFAULT_THRESHOLD: usize = 20_000;
/// How deep objects may free one another on the native stack before the rest is put on a list.
const FREE_DEPTH: u32 = 64;

/// Reasons for which the VM leaves its fast path at the next poll (a backward jump or a function entry).
pub mod breaker {
    /// Another thread asked the program to stop.
    pub const INTERRUPT: u32 = 1;
    /// The ledger passed the ceiling.
    pub const MEMORY: u32 = 2;
    /// Enough containers were made that a collection is due.
    pub const COLLECT: u32 = 4;
    /// An instruction budget is being counted.
    pub const BUDGET: u32 = 8;
    /// Another thread changed what is monitored.
    pub const MONITOR: u32 = 16;
    /// Objects wait for the VM to run their finalizers.
    pub const FINALIZE: u32 = 32;
    /// Another thread gave up values that are counted on this one.
    pub const ORPHANS: u32 = 64;
    /// The host ends the program, which cannot catch that.
    pub const TERMINATE: u32 = 128;

    /// What ends or bounds a program: native loops look at these, too.
    pub const LIMITS: u32 = INTERRUPT | MEMORY | BUDGET | TERMINATE;
}

#[repr(C)]
pub(super) struct Page {
    pub cell_size: u32,
    /// 0, or [`PREFIX`] where every cell starts with an attribute prefix.
    pub prefix: u32,
    /// How many cells, the first ones, are or were objects or are in the free list.
    pub carved: u32,
}

const PAGE_HEADER: usize = 64;
/// Pages that are asked of the system together.
const BLOCK_PAGES: usize = 16;
/// Bytes of a page that are made into cells at a time: what nobody needs is never touched.
const CARVED_AT_ONCE: usize = 4096;

impl Page {
    pub(super) fn cells(&self) -> usize {
        (PAGE - PAGE_HEADER) / self.cell_size as usize
    }

    /// The header of the object in cell `i`; its kind is `Free` where there is none.
    ///
    /// # Safety
    /// `page` is a live page and `i` less than its carved cells.
    pub(super) unsafe fn object(page: *mut Page, i: usize) -> NonNull<Header> {
        // SAFETY: by the caller, the address lies in the page.
        unsafe {
            let p = page.cast::<u8>().add(PAGE_HEADER + i * (*page).cell_size as usize + (*page).prefix as usize);
            NonNull::new_unchecked(p.cast())
        }
    }
}

fn block_layout() -> Layout {
    Layout::from_size_align(BLOCK_PAGES * PAGE, PAGE).expect("a block's size and alignment are constants")
}

/// A free cell, as large as a header: count 0 and `Kind::Free` as there, and the next free cell in the place of the class.
#[repr(C)]
struct FreeCell {
    front: u64,
    next: *mut FreeCell,
}

const _: () = assert!(
    std::mem::size_of::<FreeCell>() == std::mem::size_of::<Header>()
        && std::mem::offset_of!(FreeCell, next) == Header::CLASS_OFFSET
);

/// What stands in front of an object of its own allocation (in front of its prefix, if it has one).
#[repr(C)]
pub(super) struct Large {
    size: usize,
    index: usize,
}

/// The objects of one interpreter.  Not `Sync`: the interpreter's thread owns it.
pub struct Heap {
    free: [[Cell<*mut FreeCell>; CLASSES]; 2],
    /// The page of each size class that has cells which are not carved yet, if there is one.
    open: [[Cell<*mut Page>; CLASSES]; 2],
    pages: UnsafeCell<Vec<*mut Page>>,
    blocks: UnsafeCell<Vec<*mut u8>>,
    /// The pages of the last block that are in use.
    block_used: Cell<usize>,
    large: UnsafeCell<Vec<NonNull<Header>>>,
    used: Cell<usize>,
    ceiling: Cell<usize>,
    containers: Cell<usize>,
    threshold: Cell<usize>,
    /// The first number of `gc.set_threshold`, once it has been called.
    chosen: Cell<Option<usize>>,
    /// Live containers at the last collection.
    live: Cell<usize>,
    depth: Cell<u32>,
    dead: UnsafeCell<Vec<NonNull<Header>>>,
    /// Objects whose finalizer must run Python code, and weak references whose callback is due; the VM takes them.
    pending: UnsafeCell<Vec<Value>>,
    teardown: Cell<bool>,
    breaker: Arc<AtomicU32>,
    types: UnsafeCell<Option<Box<TypeTable>>>,
    pub interned: super::intern::Table,
    pub(super) slots: SlotBuffers,
    weak: super::weak::WeakTable,
    collecting: Cell<bool>,
}

/// An allocation would pass the memory ceiling (or the address space).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfMemory;

impl Heap {
    /// The highest ceiling: it is what makes 32-bit counts safe.
    pub const CEILING_MAX: usize = 32 << 30;

    /// A heap with its built-in types.  It is boxed because every class points to it.
    pub fn new() -> Box<Heap> {
        let heap = Box::new(Heap {
            free: std::array::from_fn(|_| std::array::from_fn(|_| Cell::new(std::ptr::null_mut()))),
            open: std::array::from_fn(|_| std::array::from_fn(|_| Cell::new(std::ptr::null_mut()))),
            pages: UnsafeCell::new(Vec::new()),
            blocks: UnsafeCell::new(Vec::new()),
            block_used: Cell::new(BLOCK_PAGES),
            large: UnsafeCell::new(Vec::new()),
            used: Cell::new(0),
            ceiling: Cell::new(Self::CEILING_MAX),
            containers: Cell::new(0),
            threshold: Cell::new(DEFAULT_THRESHOLD),
            chosen: Cell::new(None),
            live: Cell::new(0),
            depth: Cell::new(0),
            dead: UnsafeCell::new(Vec::new()),
            pending: UnsafeCell::new(Vec::new()),
            teardown: Cell::new(false),
            breaker: Arc::new(AtomicU32::new(0)),
            types: UnsafeCell::new(None),
            interned: super::intern::Table::default(),
            slots: SlotBuffers::new(),
            weak: super::weak::WeakTable::default(),
            collecting: Cell::new(true),
        });
        TypeTable::bootstrap(&heap);
        heap
    }

    pub(super) fn set_types(&self, table: Box<TypeTable>) {
        // SAFETY: called once, by the bootstrap, before anyone can hold a borrow.
        unsafe { *self.types.get() = Some(table) }
    }

    /// The built-in types.
    #[inline(always)]
    pub fn types(&self) -> &TypeTable {
        // SAFETY: set by `new` before it returns, and never changed afterwards.
        unsafe { (*self.types.get()).as_deref().unwrap_unchecked() }
    }

    /// The flags that make the VM leave its fast path; other threads may set [`breaker::INTERRUPT`].
    pub fn breaker(&self) -> &Arc<AtomicU32> {
        &self.breaker
    }

    #[inline]
    pub fn request(&self, reason: u32) {
        self.breaker.fetch_or(reason, Ordering::Relaxed);
    }

    /// Bytes in use: cells, and the buffers that payloads have reported.
    pub fn used(&self) -> usize {
        self.used.get()
    }

    pub fn ceiling(&self) -> usize {
        self.ceiling.get()
    }

    /// Sets the memory ceiling in bytes (at most [`Heap::CEILING_MAX`]).
    pub fn set_ceiling(&self, bytes: usize) {
        self.ceiling.set(bytes.min(Self::CEILING_MAX));
    }

    pub fn is_over_ceiling(&self) -> bool {
        self.used.get() > self.ceiling.get()
    }

    /// Asks before a large allocation: whether `bytes` more would stay under the ceiling.
    pub fn check(&self, bytes: usize) -> Result<(), OutOfMemory> {
        if bytes > self.ceiling.get().saturating_sub(self.used.get()) { Err(OutOfMemory) } else { Ok(()) }
    }

    /// A payload's buffer grew or shrank.
    #[inline]
    pub fn account(&self, old: usize, new: usize) {
        self.used.set(self.used.get().wrapping_add(new).wrapping_sub(old));
        if new > old && self.is_over_ceiling() {
            self.request(breaker::MEMORY);
        }
    }

    /// Allocates an object; small allocations always succeed (passing the ceiling is noticed at the VM's next poll).
    /// Where the class has attributes, the object gets an empty prefix.
    #[inline]
    pub fn alloc<T: Object>(&self, ty: &Ref<Type>, data: T) -> Ref<T> {
        self.alloc_tail(ty, data, 0)
    }

    /// Like [`Heap::alloc`], with `tail` bytes behind the payload, which are not initialised.
    #[inline]
    pub fn alloc_tail<T: Object>(&self, ty: &Ref<Type>, data: T, tail: usize) -> Ref<T> {
        let has_attrs = ty.instances_have_attrs();
        let size = std::mem::size_of::<Gc<T>>() + tail;
        let class = ty.clone().into_raw();
        let p = self.raw(size, has_attrs, T::KIND, Some(class)).cast::<Gc<T>>();
        let outside = data.outside();
        if outside > 0 {
            self.account(0, outside);
        }
        // SAFETY: the cell is large enough for a `Gc<T>` and aligned to 16; its header is written by `raw`.
        unsafe { (&raw mut (*p.as_ptr()).data).write(data) }
        if T::CONTAINER {
            self.count_container();
        }
        if has_attrs {
            // SAFETY: the prefix lies in front of the object.
            unsafe { Attrs::of_raw(p.cast()).write(Attrs::empty(ty)) }
        }
        // SAFETY: a new object with count 1.
        unsafe { Ref::from_raw(p) }
    }

    #[inline(always)]
    pub(super) fn count_container(&self) {
        let n = self.containers.get() + 1;
        self.containers.set(n);
        if n >= self.threshold.get() {
            self.request(breaker::COLLECT);
        }
    }

    /// Memory for an object with its header written; the payload and prefix are not.
    #[inline]
    pub(super) fn raw(
        &self,
        size: usize,
        prefixed: bool,
        kind: Kind,
        ty: Option<NonNull<Gc<Type>>>,
    ) -> NonNull<Header> {
        let prefix = if prefixed { PREFIX } else { 0 };
        let flag = if prefixed { flags::HAS_ATTRS } else { 0 };
        let units = (size + prefix).div_ceil(UNIT);
        if units < CLASSES {
            let list = &self.free[prefixed as usize][units];
            let mut cell = list.get();
            if cell.is_null() {
                cell = self.carve(units, prefix);
            }
            // SAFETY: a cell of the free list is unused memory whose `next` is valid.
            unsafe {
                list.set((*cell).next);
                self.used.set(self.used.get() + units * UNIT);
                let h = cell.cast::<Header>();
                h.write(Header::new(kind, flag, units as u16, ty));
                NonNull::new_unchecked(h)
            }
        } else {
            self.raw_large(size, prefix, kind, flag, ty)
        }
    }

    /// Makes cells of a size class and returns the first of them (as the object address).
    #[cold]
    fn carve(&self, units: usize, prefix: usize) -> *mut FreeCell {
        let open = &self.open[(prefix > 0) as usize][units];
        if open.get().is_null() {
            open.set(self.new_page(units, prefix));
        }
        let page = open.get();
        // SAFETY: a live page; the cells lie inside of it and were not used before.
        unsafe {
            let from = (*page).carved as usize;
            let to = (*page).cells().min(from + (CARVED_AT_ONCE / (*page).cell_size as usize).max(1));
            (*page).carved = to as u32;
            if to == (*page).cells() {
                open.set(std::ptr::null_mut());
            }
            let mut next: *mut FreeCell = std::ptr::null_mut();
            for i in (from..to).rev() {
                let cell = Page::object(page, i).as_ptr().cast::<FreeCell>();
                let header = cell.cast::<Header>();
                header.write(Header::new(Kind::Free, 0, 0, None));
                (*header).set_count(0);
                (&raw mut (*cell).next).write(next);
                next = cell;
            }
            next
        }
    }

    /// Takes a page into use.
    fn new_page(&self, units: usize, prefix: usize) -> *mut Page {
        if self.used.get() + PAGE > self.ceiling.get() {
            self.request(breaker::MEMORY);
        }
        // SAFETY: the layout is not empty; the page lies in the last block, and no borrow of the lists lives across a call.
        unsafe {
            let blocks = &mut *self.blocks.get();
            if self.block_used.get() == BLOCK_PAGES {
                let layout = block_layout();
                let block = alloc(layout);
                if block.is_null() {
                    handle_alloc_error(layout);
                }
                blocks.push(block);
                self.block_used.set(0);
            }
            let page = blocks[blocks.len() - 1].add(self.block_used.get() * PAGE).cast::<Page>();
            self.block_used.set(self.block_used.get() + 1);
            page.write(Page { cell_size: (units * UNIT) as u32, prefix: prefix as u32, carved: 0 });
            (*self.pages.get()).push(page);
            page
        }
    }

    #[cold]
    fn raw_large(
        &self,
        size: usize,
        prefix: usize,
        kind: Kind,
        flag: u8,
        ty: Option<NonNull<Gc<Type>>>,
    ) -> NonNull<Header> {
        let front = std::mem::size_of::<Large>() + prefix;
        let total = front + size;
        let Ok(layout) = Layout::from_size_align(total, UNIT) else { handle_alloc_error(Layout::new::<Large>()) };
        // SAFETY: the layout is not empty and the parts lie inside of it.
        unsafe {
            let base = alloc(layout);
            if base.is_null() {
                handle_alloc_error(layout);
            }
            let list = &mut *self.large.get();
            let h = NonNull::new_unchecked(base.add(front).cast::<Header>());
            base.cast::<Large>().write(Large { size: total, index: list.len() });
            list.push(h);
            h.as_ptr().write(Header::new(kind, flag, 0, ty));
            self.account(0, total);
            h
        }
    }

    /// The last reference to `h` is gone.
    ///
    /// # Safety
    /// `h` is a live object with count 0.
    #[cold]
    #[inline(never)]
    pub unsafe fn release(h: NonNull<Header>) {
        // SAFETY: the object is still whole.
        let object = unsafe { h.as_ref() };
        let heap: *const Heap = object.heap();
        // SAFETY: a heap outlives its objects.
        let heap = unsafe { &*heap };
        if heap.teardown.get() {
            return;
        }
        let units = object.cell_units.get() as usize;
        if object.kind() == Kind::Str && object.flags() == 0 && units > 0 {
            // Nothing refers to it weakly, its payload owns nothing, and no code runs when it goes.
            let class = object.take_ty();
            // SAFETY: count 0, so nobody else can reach the object.
            unsafe { heap.free_cell(h, false, units) };
            if let Some(class) = class {
                // SAFETY: the object owned that reference.
                unsafe { Header::decrement(class.cast()) };
            }
            return;
        }
        if !object.has_flag(flags::FINALIZED) && visit::needs_finalizer(object) {
            object.set_flag(flags::FINALIZED);
            object.set_count(1);
            // SAFETY: the counted reference made above is handed to the list.
            unsafe { (*heap.pending.get()).push(Value::from_bits(h.as_ptr() as u64)) }
            heap.request(breaker::FINALIZE);
            return;
        }
        if object.has_flag(flags::WEAKLY_REFERENCED) {
            heap.add_pending(heap.weak.clear(h, |_| true));
        }
        if heap.depth.get() >= FREE_DEPTH {
            // SAFETY: no borrow of the list lives across a call.
            unsafe { (*heap.dead.get()).push(h) }
            return;
        }
        heap.depth.set(heap.depth.get() + 1);
        // SAFETY: count 0, so nobody else can reach the object.
        unsafe { heap.destroy(h) }
        heap.depth.set(heap.depth.get() - 1);
        if heap.depth.get() == 0 {
            // SAFETY: as above, for objects that were put off.
            unsafe {
                while let Some(next) = (*heap.dead.get()).pop() {
                    heap.depth.set(1);
                    heap.destroy(next);
                    heap.depth.set(0);
                }
            }
        }
    }

    /// Drops payload and attributes and gives the memory back.
    ///
    /// # Safety
    /// Nobody can reach the object.
    pub(super) unsafe fn destroy(&self, h: NonNull<Header>) {
        // SAFETY: by the caller, this is the only access; the class is given up last because the payload's drop may
        // ask it for the heap.
        unsafe {
            let outside = visit::outside(h.as_ref());
            if outside > 0 {
                self.account(outside, 0);
            }
            visit::drop_payload(h);
            let class = h.as_ref().take_ty();
            self.free_memory(h);
            if let Some(class) = class {
                Header::decrement(class.cast());
            }
        }
    }

    /// Puts a cell into its free list.
    ///
    /// # Safety
    /// The cell has that many units; its payload has been dropped and nobody can reach the object.
    #[inline(always)]
    unsafe fn free_cell(&self, h: NonNull<Header>, prefixed: bool, units: usize) {
        self.used.set(self.used.get() - units * UNIT);
        let list = &self.free[prefixed as usize][units];
        // SAFETY: by the caller; a cell is as large as a free cell at the least.
        unsafe {
            let cell = h.as_ptr().cast::<FreeCell>();
            h.as_ref().set_count(0);
            h.as_ref().set_kind(Kind::Free);
            (&raw mut (*cell).next).write(list.get());
        }
        list.set(h.as_ptr().cast());
    }

    /// # Safety
    /// The payload has been dropped and nobody can reach the object.
    unsafe fn free_memory(&self, h: NonNull<Header>) {
        // SAFETY: the header is intact until it is overwritten here; sizes are those of the allocation.
        unsafe {
            if visit::is_container(h.as_ref().kind()) {
                // Only what has outlived its frees brings a collection nearer, as in CPython.
                self.containers.set(self.containers.get().saturating_sub(1));
            }
            let prefixed = h.as_ref().has_flag(flags::HAS_ATTRS);
            let units = h.as_ref().cell_units.get() as usize;
            if units > 0 {
                self.free_cell(h, prefixed, units);
            } else {
                let prefix = if prefixed { PREFIX } else { 0 };
                let base = h.as_ptr().cast::<u8>().sub(prefix + std::mem::size_of::<Large>());
                let large = base.cast::<Large>().read();
                let list = &mut *self.large.get();
                list.swap_remove(large.index);
                if let Some(moved) = list.get(large.index) {
                    let p = if moved.as_ref().has_flag(flags::HAS_ATTRS) { PREFIX } else { 0 };
                    (*moved.as_ptr().cast::<u8>().sub(p + std::mem::size_of::<Large>()).cast::<Large>()).index =
                        large.index;
                }
                self.account(large.size, 0);
                dealloc(base, Layout::from_size_align_unchecked(large.size, UNIT));
            }
        }
    }

    /// Takes the objects that wait for their finalizers.
    pub fn take_pending(&self) -> Vec<Value> {
        // SAFETY: no borrow of the list lives across a call.
        unsafe { std::mem::take(&mut *self.pending.get()) }
    }

    pub(super) fn add_pending(&self, values: Vec<Value>) {
        // SAFETY: as above.
        unsafe { (*self.pending.get()).extend(values) }
        if self.has_pending() {
            self.request(breaker::FINALIZE);
        }
    }

    #[inline(always)]
    pub fn has_pending(&self) -> bool {
        // SAFETY: as above.
        unsafe { !(*self.pending.get()).is_empty() }
    }

    /// Every live object.
    pub(super) fn for_each(&self, mut f: impl FnMut(NonNull<Header>)) {
        // SAFETY: pages live as long as the heap; the lists are not changed by `f` (it must not allocate or free).
        unsafe {
            for &page in &*self.pages.get() {
                for i in 0..(*page).carved as usize {
                    let h = Page::object(page, i);
                    if h.as_ref().kind() != Kind::Free {
                        f(h);
                    }
                }
            }
            for &h in &*self.large.get() {
                f(h);
            }
        }
    }

    /// The weak references to objects of this heap.
    pub fn weak(&self) -> &super::weak::WeakTable {
        &self.weak
    }

    /// Whether the heap is being taken down: objects are freed in any order, and none may look at another.
    pub(super) fn is_torn_down(&self) -> bool {
        self.teardown.get()
    }

    /// Whether collections happen by themselves.
    pub fn is_collecting(&self) -> bool {
        self.collecting.get()
    }

    /// Turns collections by themselves on or off.
    pub fn set_collecting(&self, on: bool) {
        self.collecting.set(on);
        self.set_threshold();
    }

    /// After how many new containers a collection is due that the program has asked for: 0 is never.
    pub fn chosen_threshold(&self) -> Option<usize> {
        self.chosen.get()
    }

    /// Sets [`Heap::chosen_threshold`].
    pub fn choose_threshold(&self, containers: usize) {
        self.chosen.set(Some(containers));
        self.set_threshold();
    }

    fn set_threshold(&self) {
        let due = match self.chosen.get() {
            None => (self.live.get() / 2).max(DEFAULT_THRESHOLD),
            Some(0) => usize::MAX,
            Some(n) => n,
        };
        self.threshold.set(if self.collecting.get() { due } else { usize::MAX });
    }

    /// Containers made, less those freed, since the last collection.
    pub fn containers_since_collection(&self) -> usize {
        self.containers.get()
    }

    /// Every live container that a program may see, which the namespaces of classes are not.
    pub fn live_containers(&self) -> Vec<Value> {
        let mut all = Vec::new();
        self.for_each(|h| {
            // SAFETY: `for_each` gives live objects; the reference is counted here.
            unsafe {
                let seen = visit::is_container(h.as_ref().kind()) && !h.as_ref().has_flag(flags::NAMESPACE);
                if seen && h.as_ref().count() > 0 {
                    h.as_ref().increment();
                    all.push(Value::from_bits(h.as_ptr() as u64));
                }
            }
        });
        all
    }

    pub(super) fn reset_threshold(&self, live_containers: usize) {
        self.containers.set(0);
        self.live.set(live_containers);
        self.set_threshold();
    }
}

impl Value {
    /// What an object refers to, its class too (what the collector follows); in the place of the namespace of a class what
    /// is in it.
    pub fn referents(&self) -> Vec<Value> {
        let (mut all, mut namespaces) = (Vec::new(), Vec::new());
        let mut add = |v: &Value| {
            let hidden = v.header().is_some_and(|h| h.has_flag(flags::NAMESPACE));
            if hidden { namespaces.push(v.clone()) } else { all.push(v.clone()) }
        };
        if let Some(h) = self.header() {
            visit::traverse(h, &mut add);
        }
        for v in namespaces {
            if let Some(dict) = v.downcast::<Dict>() {
                all.extend(dict.items().into_iter().flat_map(|(key, value)| [key, value]));
            }
        }
        all
    }
}

impl Drop for Heap {
    /// Frees every object without running finalizers: the runtime has run those that it wants to run.
    fn drop(&mut self) {
        self.teardown.set(true);
        drop(self.take_pending());
        let mut all = Vec::new();
        self.for_each(|h| all.push(h));
        // SAFETY: `teardown` keeps `release` from freeing anything, and raised counts keep it from being called, so
        // each payload is dropped exactly once, while all headers and classes are still readable.
        unsafe {
            for h in &all {
                h.as_ref().set_count(u32::MAX / 2);
            }
            let mut classes = Vec::new();
            for h in &all {
                if h.as_ref().kind() == Kind::Type { classes.push(*h) } else { visit::drop_payload(*h) }
            }
            for h in &classes {
                // A class that drops leaves the lists of its bases, of which some are gone by then.
                h.cast::<Gc<Type>>().as_ref().data.bases.set(Vec::new());
            }
            for h in classes {
                visit::drop_payload(h);
            }
            for h in std::mem::take(&mut *self.large.get()) {
                let prefix = if h.as_ref().has_flag(flags::HAS_ATTRS) { PREFIX } else { 0 };
                let base = h.as_ptr().cast::<u8>().sub(prefix + std::mem::size_of::<Large>());
                let size = (*base.cast::<Large>()).size;
                dealloc(base, Layout::from_size_align_unchecked(size, UNIT));
            }
            self.interned.forget();
            if let Some(table) = (*self.types.get()).take() {
                table.forget();
            }
            for block in std::mem::take(&mut *self.blocks.get()) {
                dealloc(block, block_layout());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::sequence::{List, Tuple};
    use crate::object::str::Str;

    #[test]
    fn a_heap_starts_with_its_classes_and_goes_without_a_leak() {
        let heap = Heap::new();
        assert_eq!(heap.types().bool.name_str(), "bool");
        assert!(heap.types().bool.is_subclass(&heap.types().int));
        assert!(heap.types().type_.ty().is(&heap.types().type_));
        assert!(heap.types().KeyError.is_subclass(&heap.types().BaseException));
    }

    #[test]
    fn the_ledger_returns_to_where_it_was() {
        let heap = Heap::new();
        let before = heap.used();
        let list = List::new(
            &heap,
            vec![Str::new(&heap, "häuser").into(), Tuple::new(&heap, [Value::TRUE, Value::NONE]).into()],
        );
        for i in 0..1000 {
            list.push(&heap, Value::from_len(i)).unwrap();
        }
        let big = Tuple::new(&heap, vec![list.to_value(); 100]);
        let dict = Dict::new(&heap);
        for i in 0..500 {
            dict.insert_new(&heap, i, Value::from_len(i as usize), big.to_value());
        }
        assert!(heap.used() > before + 8000);
        drop((list, big, dict));
        assert_eq!(heap.used(), before);
    }

    #[test]
    fn a_cycle_is_found_and_freed() {
        let heap = Heap::new();
        let before = heap.used();
        let a = List::new(&heap, vec![]);
        let b = List::new(&heap, vec![a.to_value()]);
        a.push(&heap, b.to_value()).unwrap();
        drop((a, b));
        assert!(heap.used() > before);
        assert_eq!(heap.collect(), 2);
        assert_eq!(heap.used(), before);
    }

    #[test]
    fn programs_do_not_see_the_namespaces_of_classes() {
        let heap = Heap::new();
        let class = &heap.types().KeyError;
        let key = heap.interned.get(&heap, "x");
        drop(class.dict.set_str(&heap, &key, Value::TRUE));
        let hidden = |v: &Value| v.header().is_some_and(|h| h.has_flag(flags::NAMESPACE));
        assert!(hidden(class.dict.as_value()));
        assert!(!heap.live_containers().iter().any(hidden));
        let shown = class.as_value().referents();
        assert!(!shown.iter().any(hidden));
        assert!([key.as_value(), &Value::TRUE].iter().all(|in_it| shown.iter().any(|v| v.is(in_it))));
    }

    #[test]
    fn a_chain_of_a_million_lists_dies_without_deep_recursion() {
        let heap = Heap::new();
        let before = heap.used();
        let mut v = Value::NONE;
        for _ in 0..1_000_000 {
            v = List::new(&heap, vec![v]).into();
        }
        drop(v);
        assert_eq!(heap.used(), before);
    }
}
