//! Handles: what a host holds in place of a pointer.
//!
//! A handle looks like a pointer to C but is a number: the index of a slot and the slot's generation.  A freed handle
//! is known for what it is for ever, because its generation never comes again; so is any number that was never a
//! handle, and one of another kind.  Looking at an object pins its slot, so that another thread, or a callback further
//! down the stack, can free the handle meanwhile: the object dies with its last pin.

use std::any::Any;
use std::cell::UnsafeCell;
use std::ops::Deref;
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};

use parking_lot::Mutex;

use super::guard::{Failure, Outcome};
use super::status::*;

/// A kind of handle: the opaque C type, and what is behind it.
pub(super) trait Handle: Sized {
    /// What the slot holds.
    type Object: Any + Send + Sync;
    /// How messages name it.
    const NAME: &'static str;
}

/// The object in a slot.
type Object = Box<dyn Any + Send + Sync>;

// A handle is generation << 29 | index << 3: never null, aligned like a pointer, the top bits clear.
const INDEX_BITS: u32 = 26;
const ALIGN_BITS: u32 = 3;
const _: () = assert!(size_of::<usize>() == 8, "handles need 64 bits");

// A slot's state is generation << 32 | live << 31 | pins.
const LIVE: u64 = 1 << 31;
const PINS: u64 = LIVE - 1;

#[derive(Default)]
pub(super) struct Slot {
    state: AtomicU64,
    object: UnsafeCell<Option<Object>>,
    /// What firing finds here without a pin (see `desk`), null for nothing.  Null again before the handle is freed.
    pub shown: AtomicPtr<()>,
}

// SAFETY: `object` is written only by the one who owns the slot: `insert` before the slot is live, and `unpin` after
// it is neither live nor pinned.  Everybody else reads it, and only while holding a pin.
unsafe impl Sync for Slot {}

/// Slots come in chunks of this many, which are never moved or freed.
const CHUNK: u32 = 1 << CHUNK_BITS;
const CHUNK_BITS: u32 = 8;
const CHUNKS: usize = 1 << (INDEX_BITS - CHUNK_BITS);

/// The chunks.  Two megabytes of addresses, of which only what is used takes memory, so that a slot is found in few steps.
static TABLE: [AtomicPtr<Slot>; CHUNKS] = [const { AtomicPtr::new(ptr::null_mut()) }; CHUNKS];
static FREE: Mutex<Free> = Mutex::new(Free { indexes: Vec::new(), next: 0 });

struct Free {
    indexes: Vec<u32>,
    /// The first index that was never used.
    next: u32,
}

#[inline(always)]
fn slot(index: u32) -> Option<&'static Slot> {
    let slots = TABLE.get((index >> CHUNK_BITS) as usize)?.load(Ordering::Acquire);
    if slots.is_null() {
        return None;
    }
    // SAFETY: a chunk has `CHUNK` slots, and chunks are never freed.
    Some(unsafe { &*slots.add((index % CHUNK) as usize) })
}

/// Takes an unused slot.
fn take_slot() -> Outcome<(u32, &'static Slot)> {
    #[cfg(test)]
    tests::spend()?;
    let mut free = FREE.lock();
    let index = match free.indexes.pop() {
        Some(index) => index,
        None => {
            let index = free.next;
            let Some(cell) = TABLE.get((index >> CHUNK_BITS) as usize) else {
                return Err(Failure::new(EXECMON_STATUS_MEMORY, "too many handles"));
            };
            if index.is_multiple_of(CHUNK) {
                let slots: Box<[Slot]> = (0..CHUNK).map(|_| Slot::default()).collect();
                cell.store(Box::leak(slots).as_mut_ptr(), Ordering::Release);
            }
            free.next += 1;
            index
        }
    };
    Ok((index, slot(index).expect("its chunk was made")))
}

/// Puts an object behind a new handle.
pub(super) fn insert<H: Handle>(object: H::Object) -> Outcome<*mut H> {
    let object: Object = Box::new(object);
    let (index, slot) = take_slot()?;
    // SAFETY: a slot that was free is known to this thread only until it is live.
    unsafe { *slot.object.get() = Some(object) };
    let generation = (slot.state.load(Ordering::Relaxed) >> 32) + 1;
    slot.state.store(generation << 32 | LIVE, Ordering::Release);
    let handle = generation << (INDEX_BITS + ALIGN_BITS) | u64::from(index) << ALIGN_BITS;
    Ok(ptr::without_provenance_mut(handle as usize))
}

/// A look at the object behind a handle, which lives at least as long as this.
pub(super) struct Pin<H: Handle> {
    object: *const H::Object,
    slot: &'static Slot,
    index: u32,
}

impl<H: Handle> Deref for Pin<H> {
    type Target = H::Object;
    fn deref(&self) -> &H::Object {
        // SAFETY: found in the slot under the pin that this value stands for.
        unsafe { &*self.object }
    }
}

impl<H: Handle> Drop for Pin<H> {
    fn drop(&mut self) {
        unpin(self.slot, self.index);
    }
}

fn unpin(slot: &'static Slot, index: u32) {
    let before = slot.state.fetch_sub(1, Ordering::AcqRel);
    if before & (LIVE | PINS) != 1 {
        return;
    }
    debug_assert!(slot.shown.load(Ordering::Relaxed).is_null());
    // SAFETY: not live, so nobody can pin it, and this was the last pin: the slot is this thread's alone.
    let object = unsafe { (*slot.object.get()).take() };
    // The generation that cannot be counted up any more is the slot's last.
    if before >> 32 != u64::from(u32::MAX) {
        FREE.lock().indexes.push(index);
    }
    // Only now, because it may run code of the host that uses other handles.
    drop(object);
}

fn index_of(handle: u64) -> u32 {
    (handle >> ALIGN_BITS) as u32 & ((1 << INDEX_BITS) - 1)
}

/// The slot that a handle has, or had, or that some other number points to.
#[inline(always)]
pub(super) fn slot_of<H: Handle>(handle: *const H) -> Option<&'static Slot> {
    slot(index_of(handle.addr() as u64))
}

/// Pins the slot of a handle if it is live.
fn pin_slot(handle: usize) -> Option<(&'static Slot, u32)> {
    let handle = handle as u64;
    if handle & ((1 << ALIGN_BITS) - 1) != 0 {
        return None;
    }
    let index = index_of(handle);
    let generation = handle >> (INDEX_BITS + ALIGN_BITS);
    let slot = slot(index)?;
    let mut state = slot.state.load(Ordering::Acquire);
    loop {
        if state >> 32 != generation || state & LIVE == 0 || state & PINS == PINS {
            return None;
        }
        match slot.state.compare_exchange_weak(state, state + 1, Ordering::Acquire, Ordering::Acquire) {
            Ok(_) => return Some((slot, index)),
            Err(now) => state = now,
        }
    }
}

/// Looks at the object behind a handle.
///
/// # Errors
/// NULL for a null pointer; HANDLE for everything that is no live handle of this kind.
pub(super) fn pin<H: Handle>(handle: *const H) -> Outcome<Pin<H>> {
    if handle.is_null() {
        return Err(Failure::new(EXECMON_STATUS_NULL, format!("the {} is NULL", H::NAME)));
    }
    let bad = || Failure::new(EXECMON_STATUS_HANDLE, format!("this is no {}, or it has been freed", H::NAME));
    let (slot, index) = pin_slot(handle.addr()).ok_or_else(bad)?;
    // SAFETY: the slot is pinned, so its object stays and is only read.
    let object = unsafe { (*slot.object.get()).as_deref() };
    match object.and_then(<dyn Any + Send + Sync>::downcast_ref::<H::Object>) {
        Some(object) => Ok(Pin { object, slot, index }),
        None => {
            unpin(slot, index);
            Err(bad())
        }
    }
}

/// Frees a handle: it is none from now on, and its object dies with the last pin.  NULL is nothing to free.
///
/// # Errors
/// HANDLE if it is no live handle of this kind; whatever `check` says, and then the handle stays.
pub(super) fn free<H: Handle>(handle: *const H, check: impl FnOnce(&H::Object) -> Outcome<()>) -> Outcome<()> {
    if handle.is_null() {
        return Ok(());
    }
    let pin = pin(handle)?;
    check(&pin)?;
    if pin.slot.state.fetch_and(!LIVE, Ordering::AcqRel) & LIVE == 0 {
        // Another thread was faster.
        return Err(Failure::new(EXECMON_STATUS_HANDLE, format!("this {} has been freed", H::NAME)));
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::cell::Cell;
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    thread_local! {
        static LEFT: Cell<Option<u32>> = const { Cell::new(None) };
    }

    /// Lets this thread make `count` more handles while `run` runs.
    pub fn with_handles<T>(count: u32, run: impl FnOnce() -> T) -> T {
        LEFT.set(Some(count));
        let result = run();
        LEFT.set(None);
        result
    }

    pub fn spend() -> Outcome<()> {
        match LEFT.get() {
            Some(0) => Err(Failure::new(EXECMON_STATUS_MEMORY, "no more handles for this test")),
            left => {
                LEFT.set(left.map(|n| n - 1));
                Ok(())
            }
        }
    }

    struct One;
    struct Other;
    impl Handle for One {
        type Object = Arc<u32>;
        const NAME: &'static str = "one";
    }
    impl Handle for Other {
        type Object = String;
        const NAME: &'static str = "other";
    }

    fn status<T>(outcome: Outcome<T>) -> execmon_status {
        outcome.map_or_else(|e| e.status, |_| EXECMON_OK)
    }

    #[test]
    fn freed_handles_stay_known() {
        let mut old = Vec::new();
        for n in 0..1000 {
            let object = Arc::new(n);
            let handle = insert::<One>(Arc::clone(&object)).unwrap();
            assert!(!old.contains(&handle));
            assert_eq!(**pin(handle).unwrap(), n);
            assert_eq!(status(free(handle, |_| Ok(()))), EXECMON_OK);
            assert_eq!(Arc::strong_count(&object), 1);
            assert_eq!(status(free(handle, |_| Ok(()))), EXECMON_STATUS_HANDLE);
            assert_eq!(status(pin(handle)), EXECMON_STATUS_HANDLE);
            old.push(handle);
        }
        assert!(old.iter().all(|&handle| status(pin(handle)) == EXECMON_STATUS_HANDLE));
    }

    #[test]
    fn what_never_was_a_handle_is_refused() {
        let handle = insert::<Other>("text".into()).unwrap();
        assert_eq!(status(pin::<One>(handle.cast())), EXECMON_STATUS_HANDLE);
        assert_eq!(status(pin::<One>(ptr::null())), EXECMON_STATUS_NULL);
        for bits in [1, 7, 8, 4096, handle.addr() + 1, handle.addr() ^ (1 << 62), usize::MAX, isize::MIN as usize] {
            assert_eq!(status(pin::<Other>(ptr::without_provenance(bits))), EXECMON_STATUS_HANDLE, "{bits:#x}");
        }
        assert_eq!(status(free::<One>(handle.cast(), |_| Ok(()))), EXECMON_STATUS_HANDLE);
        assert_eq!(pin(handle).unwrap().as_str(), "text");
        let refuse = |_: &String| Err(Failure::new(EXECMON_STATUS_BUSY, ""));
        assert_eq!(status(free(handle, refuse)), EXECMON_STATUS_BUSY);
        assert_eq!(status(free(handle, |_| Ok(()))), EXECMON_OK);
        assert_eq!(status(free::<Other>(ptr::null(), |_| Ok(()))), EXECMON_OK);
    }

    #[test]
    fn an_object_outlives_its_handle_while_it_is_pinned() {
        let object = Arc::new(1);
        let handle = insert::<One>(Arc::clone(&object)).unwrap();
        let pinned = pin(handle).unwrap();
        free(handle, |_| Ok(())).unwrap();
        assert_eq!(status(pin(handle)), EXECMON_STATUS_HANDLE);
        assert_eq!((**pinned, Arc::strong_count(&object)), (1, 2));
        drop(pinned);
        assert_eq!(Arc::strong_count(&object), 1);
    }

    #[test]
    fn threads_race_for_a_handle() {
        for _ in 0..200 {
            let object = Arc::new(7);
            let handle = insert::<One>(Arc::clone(&object)).unwrap().addr();
            let go = AtomicBool::new(false);
            let freed = std::thread::scope(|scope| {
                let race = || {
                    while !go.load(Ordering::Acquire) {
                        std::hint::spin_loop();
                    }
                    let handle = ptr::without_provenance::<One>(handle);
                    if let Ok(pinned) = pin(handle) {
                        assert_eq!(**pinned, 7);
                    }
                    free(handle, |_| Ok(())).is_ok()
                };
                let threads = [scope.spawn(race), scope.spawn(race)];
                go.store(true, Ordering::Release);
                threads.map(|t| t.join().unwrap())
            });
            assert!(freed[0] != freed[1]);
            assert_eq!(Arc::strong_count(&object), 1);
        }
    }

    #[test]
    fn slots_fill_the_chunks() {
        let mut seen = Vec::new();
        let mut handles = Vec::new();
        for n in 0..2 * CHUNK {
            let handle = insert::<One>(Arc::new(n)).unwrap();
            seen.push(ptr::from_ref(slot_of(handle).unwrap()).addr());
            handles.push(handle);
        }
        seen.sort_unstable();
        assert!(seen.windows(2).all(|pair| pair[1] - pair[0] >= size_of::<Slot>()));
        for (n, handle) in (0..).zip(handles) {
            assert_eq!(**pin(handle).unwrap(), n);
            free(handle, |_| Ok(())).unwrap();
        }
        assert!(slot((1 << INDEX_BITS) - 1).is_none() && slot(u32::MAX).is_none());
    }
}
