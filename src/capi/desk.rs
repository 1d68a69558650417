//! Desks: where a thread says which code object it fires for, so that firing takes no locked instruction.
//!
//! Pinning a handle counts in memory that several threads write.  A firing call looks at two handles for each event, so it
//! goes another way.  Each thread of the system that fires has a desk for each of its thread states.  The slot of the
//! thread state's handle shows the desk, the slot of a code's handle shows the registration ([`Slot::shown`]), and to fire is
//!
//! * reader: write the code's slot to [`Desk::busy`], *then* look again whether both slots still show what they did; use
//!   state and registration; write null, *then* look at [`PENDING`].
//!
//! Whoever takes away what a slot shows, because a code object loses its last owner or a thread state is freed or moves to
//! another thread, does
//!
//! * writer, under [`REGISTRY`]: write null to the slot, set [`PENDING`], *then* look at the desks.
//!
//! Between the writer's two steps lies [`Barrier::heavy`], which makes every running thread execute a barrier, and between the
//! reader's only a compiler's: so either the reader sees that the slot shows nothing any more, and does it the long way, or
//! the writer sees the reader at its desk.  Then what was taken away is kept ([`Kept`]), and the reader, which finds `PENDING`
//! set as it leaves, drops it ([`settle`]).  Where the system has no such barrier no slot shows a desk.
//!
//! What makes looking safe before it has been looked again: slots and desks are never freed, a desk belongs to one thread of
//! the system for ever and is written by that one alone, and a registration is looked at only behind the second look.  A
//! handle that was freed is known by what it leads to: the desk and the registration each have the number of the handle that
//! shows them, and no number comes twice.

use std::any::Any;
use std::cell::UnsafeCell;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU8, AtomicUsize, Ordering, compiler_fence};

use parking_lot::Mutex;

use super::code::execmon_code;
use super::handle::{Slot, slot_of};
use super::thread::{ThreadObject, execmon_thread, this_thread};
use crate::monitor::{Barrier, Code, Monitor, ThreadState};

// What a slot shows says by its lowest bits what it is; both kinds of address are multiples of 8.
const TAGS: usize = 7;
const DESK: usize = 1;
const CODE: usize = 2;

/// A desk.  On a line of its own, so that threads do not disturb each other.
#[repr(align(64))]
struct Desk {
    /// The thread of the system that the desk belongs to, see [`this_thread`].
    owner: usize,
    /// The slot of the code that the thread is firing for, or null.
    busy: AtomicPtr<Slot>,
    /// The handle of the thread state that lies here, 0 for none.
    handle: AtomicUsize,
    /// That thread state, with one count of its own, or null.  Written under the lock, while no slot shows the desk or its
    /// owner does it.
    thread: UnsafeCell<*const ThreadObject>,
    /// Registrations of the thread state's monitor that the owner has fired for, each at the place that its handle gives it.
    known: [Known; KNOWN],
}

/// A registration that need not be asked whether it is the right one, as long as its slot shows it.  Written by the desk's
/// owner; others forget it ([`Registry::forget`]) before the slot can show anything else.
#[derive(Default)]
#[repr(align(32))]
struct Known {
    /// Its handle, or [`nobody`].
    code: AtomicUsize,
    slot: AtomicPtr<Slot>,
    /// What the slot shows.
    shown: AtomicPtr<()>,
}

const KNOWN: usize = 8;

/// The place of a handle among those that are known, or of whatever a host gives for one.
#[inline(always)]
fn place_of(handle: usize) -> usize {
    (handle >> 3) % KNOWN
}

/// What stands for no handle at a place: a number that is looked for at another.
fn nobody(place: usize) -> usize {
    ((place + 1) % KNOWN) << 3
}

// SAFETY: `thread` is written as told there, and read only by the desk's owner while a slot shows the desk.
unsafe impl Sync for Desk {}
// SAFETY: a thread object may be sent and shared.
unsafe impl Send for Desk {}

impl Desk {
    fn new(owner: usize) -> Desk {
        let (busy, handle) = (AtomicPtr::new(ptr::null_mut()), AtomicUsize::new(0));
        let desk = Desk { owner, busy, handle, thread: UnsafeCell::new(ptr::null()), known: Default::default() };
        desk.forget(|_| true);
        desk
    }

    /// Forgets what is known of some slots.
    fn forget(&self, of: impl Fn(*const Slot) -> bool) {
        for (place, known) in self.known.iter().enumerate() {
            if of(known.slot.load(Ordering::Relaxed)) {
                known.code.store(nobody(place), Ordering::Relaxed);
            }
        }
    }

    /// Where a registration is if it is known.
    #[inline(always)]
    fn place(&self, code: *const execmon_code) -> &Known {
        &self.known[place_of(code.addr())]
    }

    /// Makes a registration known.  False if the handle shows none, or one of another monitor.
    #[cold]
    #[inline(never)]
    fn learn(&'static self, thread: *const execmon_thread, code: *const execmon_code) -> bool {
        let (Some(own), Some(slot)) = (slot_of(thread), slot_of(code)) else { return false };
        let Some(_seat) = Seat::of(self, own, thread, slot) else { return false };
        let shown = slot.shown.load(Ordering::Acquire);
        if shown.addr() & TAGS != CODE {
            return false;
        }
        // SAFETY: seen from the seat, as told at `Seat`.
        let (registration, monitor) =
            unsafe { (&*shown.wrapping_byte_sub(CODE).cast::<Code>(), (**self.thread.get()).monitor()) };
        if registration.handle().addr() != code.addr() || !monitor.owns(registration) {
            return false;
        }
        let place = self.place(code);
        place.slot.store(ptr::from_ref(slot).cast_mut(), Ordering::Relaxed);
        place.shown.store(shown, Ordering::Relaxed);
        place.code.store(code.addr(), Ordering::Relaxed);
        true
    }

    fn is_busy(&self) -> bool {
        !self.busy.load(Ordering::Acquire).is_null()
    }

    fn is_free(&self) -> bool {
        self.handle.load(Ordering::Relaxed) == 0 && !self.is_busy()
    }

    /// Takes the thread state away.
    ///
    /// # Safety
    /// Under the lock, and no slot shows the desk any more to a thread other than the calling one.
    unsafe fn clear(&self) -> Option<Arc<ThreadObject>> {
        self.handle.store(0, Ordering::Relaxed);
        // SAFETY: by the caller.
        let thread = unsafe { self.thread.get().replace(ptr::null()) };
        // SAFETY: `lay` gave it a count, which it gives back here.
        (!thread.is_null()).then(|| unsafe { Arc::from_raw(thread) })
    }
}

/// What was taken away while a thread used it.
struct Kept {
    used: Used,
    /// Holds it; only for being dropped.
    _object: Box<dyn Any + Send>,
}

enum Used {
    /// By every desk that is busy with the slot.
    Slot(*const Slot),
    /// By the thread at the desk.
    Desk(&'static Desk),
    /// Perhaps, for ever: the system has refused the barrier, so that nothing is known.
    Unknown,
}

// SAFETY: the address of the slot is only compared.
unsafe impl Send for Used {}

#[derive(Default)]
struct Registry {
    desks: Vec<&'static Desk>,
    kept: Vec<Kept>,
}

static REGISTRY: Mutex<Registry> = Mutex::new(Registry { desks: Vec::new(), kept: Vec::new() });

/// Whether something may be kept that nobody uses any more.
static PENDING: AtomicBool = AtomicBool::new(false);

/// The barrier, if the process can have one that is free for readers.
fn barrier() -> Option<Barrier> {
    const UNKNOWN: u8 = 0;
    const FREE: u8 = 1;
    const DEAR: u8 = 2;
    // Two threads may ask at once, and are told the same.
    static KIND: AtomicU8 = AtomicU8::new(UNKNOWN);
    let mut kind = KIND.load(Ordering::Relaxed);
    if kind == UNKNOWN {
        kind = if Barrier::of_process() == Barrier::Asymmetric { FREE } else { DEAR };
        KIND.store(kind, Ordering::Relaxed);
    }
    (kind == FREE).then_some(Barrier::Asymmetric)
}

impl Registry {
    fn is_used(&self, used: &Used) -> bool {
        match used {
            Used::Slot(slot) => self.desks.iter().any(|desk| ptr::eq(desk.busy.load(Ordering::Acquire), *slot)),
            Used::Desk(desk) => desk.is_busy(),
            Used::Unknown => true,
        }
    }

    /// Makes sure that who is busy is seen to be.  False if the system refuses.
    fn see_others(&self) -> bool {
        PENDING.store(true, Ordering::Release);
        let me = this_thread();
        // Without a thread state on it a desk can become busy for a moment, but nothing comes of it.
        let others = self.desks.iter().any(|desk| desk.owner != me && desk.handle.load(Ordering::Relaxed) != 0);
        !others || barrier().is_some_and(Barrier::heavy)
    }

    /// Makes sure that nobody takes what the slot shows next for what it has shown.  Nobody is busy with it.
    fn forget(&self, used: &Used) {
        let Used::Slot(slot) = used else { return };
        // If an owner puts another one there at this moment, that one is to be learned once more.
        self.desks.iter().for_each(|desk| desk.forget(|known| ptr::eq(known, *slot)));
    }

    /// Gives what is held by `object` back if nobody uses it, or keeps it.
    fn keep_while(&mut self, used: Used, object: Box<dyn Any + Send>) -> Option<Box<dyn Any + Send>> {
        let unused = if self.is_used(&used) {
            self.kept.push(Kept { used, _object: object });
            None
        } else {
            self.forget(&used);
            Some(object)
        };
        self.told();
        unused
    }

    /// Says whether anything is kept.
    fn told(&self) {
        PENDING.store(!self.kept.is_empty(), Ordering::Release);
    }
}

/// Drops what is kept and not used any more.
#[cold]
#[inline(never)]
fn settle() {
    let unused = {
        let mut registry = REGISTRY.lock();
        let kept = std::mem::take(&mut registry.kept);
        let (kept, unused): (Vec<_>, Vec<_>) = kept.into_iter().partition(|kept| registry.is_used(&kept.used));
        registry.kept = kept;
        unused.iter().for_each(|unused| registry.forget(&unused.used));
        registry.told();
        unused
    };
    // May run functions of the host.
    drop(unused);
}

/// The thread at its desk.  Neither the thread state that lies there dies before this does, nor the registration that the slot
/// with which the desk is busy has shown since.
pub(super) struct Seat {
    desk: &'static Desk,
}

/// A firing call, at a desk.
pub(super) struct Parties<'a> {
    pub monitor: &'a Monitor,
    pub state: &'a ThreadState,
    /// Of this monitor.
    pub code: &'a Code,
    pub handle: *mut execmon_code,
}

impl Seat {
    /// Sits down to fire; None if that does not go without ado, for whatever reason.
    #[inline(always)]
    pub fn take<'a>(thread: *const execmon_thread, code: *const execmon_code) -> Option<(Seat, Parties<'a>)> {
        let own = slot_of(thread)?;
        let desk = desk_of(own)?;
        if desk.owner != this_thread() {
            return None;
        }
        let place = desk.place(code);
        if place.code.load(Ordering::Relaxed) != code.addr() && !desk.learn(thread, code) {
            return None;
        }
        let (slot, known) = (place.slot.load(Ordering::Relaxed), place.shown.load(Ordering::Relaxed));
        // SAFETY: slots are never freed.
        let slot = unsafe { &*slot };
        let seat = Seat::of(desk, own, thread, slot)?;
        if slot.shown.load(Ordering::Acquire) != known {
            return None;
        }
        // SAFETY: both have been seen from the seat.
        let (registration, thread) = unsafe { (&*known.wrapping_byte_sub(CODE).cast::<Code>(), &**desk.thread.get()) };
        let (monitor, state) = (thread.monitor(), thread.state());
        Some((seat, Parties { monitor, state, code: registration, handle: code.cast_mut() }))
    }

    /// Sits down at a desk of the calling thread to look at the slot of a code, unless the thread sits there already.  `own` is
    /// the slot of the thread state.
    #[inline(always)]
    fn of(desk: &'static Desk, own: &Slot, thread: *const execmon_thread, code: &'static Slot) -> Option<Seat> {
        if !desk.busy.load(Ordering::Relaxed).is_null() {
            return None;
        }
        desk.busy.store(ptr::from_ref(code).cast_mut(), Ordering::Release);
        compiler_fence(Ordering::SeqCst);
        let seat = Seat { desk };
        let is_shown = own.shown.load(Ordering::Acquire).addr() == ptr::from_ref(desk).addr() + DESK;
        (is_shown && desk.handle.load(Ordering::Relaxed) == thread.addr()).then_some(seat)
    }
}

impl Drop for Seat {
    #[inline(always)]
    fn drop(&mut self) {
        self.desk.busy.store(ptr::null_mut(), Ordering::Release);
        compiler_fence(Ordering::SeqCst);
        if PENDING.load(Ordering::Acquire) {
            settle();
        }
    }
}

/// Lays a thread state that the calling thread uses on a desk of its own, so that it can fire from there.
pub(super) fn lay(handle: *const execmon_thread, thread: &Arc<ThreadObject>) {
    let (Some(slot), Some(_)) = (slot_of(handle), barrier()) else { return };
    let me = this_thread();
    let mut registry = REGISTRY.lock();
    if !slot.shown.load(Ordering::Relaxed).is_null() {
        return;
    }
    let desk = match registry.desks.iter().find(|desk| desk.owner == me && desk.is_free()) {
        Some(desk) => *desk,
        None => {
            let desk: &'static Desk = Box::leak(Box::new(Desk::new(me)));
            registry.desks.push(desk);
            desk
        }
    };
    // What is known is of the monitor of the state before.
    desk.forget(|_| true);
    // SAFETY: under the lock, and no slot shows a free desk.
    unsafe { *desk.thread.get() = Arc::into_raw(Arc::clone(thread)) };
    desk.handle.store(handle.addr(), Ordering::Relaxed);
    slot.shown.store(ptr::from_ref(desk).cast_mut().cast::<()>().wrapping_byte_add(DESK), Ordering::Release);
}

/// The desk that the slot of a thread state shows.
#[inline(always)]
fn desk_of(slot: &Slot) -> Option<&'static Desk> {
    let shown = slot.shown.load(Ordering::Acquire);
    // SAFETY: what is tagged so is a desk, and desks are never freed.
    (shown.addr() & TAGS == DESK).then(|| unsafe { &*shown.wrapping_byte_sub(DESK).cast::<Desk>() })
}

/// Whether the thread state lies on a desk of another thread.
pub(super) fn is_elsewhere(handle: *const execmon_thread) -> bool {
    slot_of(handle).and_then(desk_of).is_some_and(|desk| desk.owner != this_thread())
}

/// Takes a thread state, whose handle is pinned, from the desk on which it lies.  False if it is another thread's, which is
/// firing.
pub(super) fn take_away(handle: *const execmon_thread) -> bool {
    let Some(slot) = slot_of(handle) else { return true };
    let unused = {
        let mut registry = REGISTRY.lock();
        let Some(desk) = desk_of(slot) else { return true };
        let shown = slot.shown.swap(ptr::null_mut(), Ordering::AcqRel);
        if desk.owner != this_thread() && (!registry.see_others() || desk.is_busy()) {
            slot.shown.store(shown, Ordering::Release);
            registry.told();
            return false;
        }
        // SAFETY: under the lock; the slot shows nothing, and if its owner is another thread it has been seen not to be there.
        let thread = unsafe { desk.clear() };
        thread.and_then(|thread| registry.keep_while(Used::Desk(desk), Box::new(thread)))
    };
    drop(unused);
    true
}

/// Lets firing find a registration that has an owner.
pub(super) fn show(handle: *const execmon_code, code: &Arc<Code>) {
    if let Some(slot) = slot_of(handle) {
        slot.shown.store(Arc::as_ptr(code).cast_mut().cast::<()>().wrapping_byte_add(CODE), Ordering::Release);
    }
}

/// The opposite; [`drop_unused`] must follow.
pub(super) fn hide(handle: *const execmon_code) {
    if let Some(slot) = slot_of(handle) {
        slot.shown.store(ptr::null_mut(), Ordering::Release);
    }
}

/// Drops a hold of a registration that is hidden since, as soon as nobody fires for it.
pub(super) fn drop_unused(handle: *const execmon_code, code: Arc<Code>) {
    let unused = {
        let mut registry = REGISTRY.lock();
        let used = match (registry.see_others(), slot_of(handle)) {
            (true, Some(slot)) => Used::Slot(slot),
            _ => Used::Unknown,
        };
        registry.keep_while(used, Box::new(code))
    };
    // May run the host's drop function, so after the lock.
    drop(unused);
}
