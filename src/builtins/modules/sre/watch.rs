//! Ending a search that takes for ever.  The engine has no hook, so the characters that it moves over are counted on the way to
//! the text, and every so many of them the VM is asked whether the program is to end.  If it is, the search is unwound:
//! [`watched`] is the one place where that begins and ends.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr::{self, NonNull};

use rustpython_sre_engine::{StrDrive, StringCursor};

use crate::vm::{Exc, R, Vm};

/// So many characters, or steps, between two questions.
const STEPS: u32 = 4096;

/// A search that runs on this thread.
struct Search {
    vm: NonNull<Vm>,
    /// Why it is being unwound.
    error: Option<Exc>,
}

thread_local! {
    static LEFT: Cell<u32> = const { Cell::new(STEPS) };
    static SEARCH: Cell<*mut Search> = const { Cell::new(ptr::null_mut()) };
}

/// What unwinds a search.
struct Ended;

/// Runs the engine over a [`Watched`] text.
///
/// # Errors
/// What ends the program; RuntimeError where the engine panics, which it does for code that `re` did not make.
pub fn watched<T>(vm: &mut Vm, run: impl FnOnce() -> T) -> R<T> {
    let mut search = Search { vm: NonNull::from(&mut *vm), error: None };
    let before = SEARCH.replace(&raw mut search);
    let result = catch_unwind(AssertUnwindSafe(run));
    SEARCH.set(before);
    match (result, search.error) {
        (Ok(found), _) => Ok(found),
        (Err(_), Some(e)) => Err(e),
        (Err(_), None) => Err(vm.runtime_error("invalid SRE code")),
    }
}

#[inline(always)]
fn step() {
    LEFT.with(|left| match left.get() {
        0 => {
            left.set(STEPS);
            ask();
        }
        n => left.set(n - 1),
    });
}

#[cold]
#[inline(never)]
fn ask() {
    let Some(mut search) = NonNull::new(SEARCH.get()) else { return };
    // SAFETY: `watched` is further up this stack; while the engine runs it uses neither the search nor the VM, which it has
    // for itself.
    let asked = unsafe {
        let search = search.as_mut();
        search.vm.as_mut().poll_work(STEPS.into()).map_err(|e| search.error = Some(e))
    };
    if asked.is_err() {
        resume_unwind(Box::new(Ended));
    }
}

/// A text whose characters are counted.
#[derive(Clone, Copy)]
pub struct Watched<S>(pub S);

impl<S: StrDrive> StrDrive for Watched<S> {
    fn count(&self) -> usize {
        self.0.count()
    }

    fn create_cursor(&self, n: usize) -> StringCursor {
        self.0.create_cursor(n)
    }

    fn adjust_cursor(&self, cursor: &mut StringCursor, n: usize) {
        self.0.adjust_cursor(cursor, n);
    }

    #[inline(always)]
    fn advance(cursor: &mut StringCursor) -> u32 {
        step();
        S::advance(cursor)
    }

    #[inline(always)]
    fn peek(cursor: &StringCursor) -> u32 {
        S::peek(cursor)
    }

    #[inline(always)]
    fn skip(cursor: &mut StringCursor, n: usize) {
        step();
        S::skip(cursor, n);
    }

    #[inline(always)]
    fn back_advance(cursor: &mut StringCursor) -> u32 {
        step();
        S::back_advance(cursor)
    }

    #[inline(always)]
    fn back_peek(cursor: &StringCursor) -> u32 {
        S::back_peek(cursor)
    }

    #[inline(always)]
    fn back_skip(cursor: &mut StringCursor, n: usize) {
        step();
        S::back_skip(cursor, n);
    }
}
