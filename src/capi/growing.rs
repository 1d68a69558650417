//! Structures that begin with their size, so that they can grow: what a host that was compiled with another version of the
//! header means by its own.

use super::guard::{Failure, Outcome};
use super::status::*;

/// A structure of the header that begins with its size.  New fields come at its end; zero is what a field means that a host
/// does not know.
///
/// # Safety
/// The structure is `repr(C)`, zero bytes are a value of it, and each of its pointers fills one unit of its alignment.
pub(super) unsafe trait Growing: Sized {
    /// How messages name it.
    const WHAT: &'static str;
    /// The least size that a host can give: the end of the fields that it cannot do without.  Never changes.
    const FIRST_SIZE: usize;

    /// The size that the host says it has.
    ///
    /// # Safety
    /// `at` is not NULL and points to at least the size.
    unsafe fn size_at(at: *const Self) -> usize;
}

/// How many bytes of a structure both sides know.  Whole units of its alignment, so that no pointer is cut in two.
///
/// # Safety
/// As for [`Growing::size_at`].
unsafe fn known_size<T: Growing>(at: *const T) -> Outcome<usize> {
    if at.is_null() {
        return Err(Failure::null(T::WHAT));
    }
    // SAFETY: the caller's promise.
    let size = unsafe { T::size_at(at) };
    if size < T::FIRST_SIZE {
        return Err(Failure::new(EXECMON_STATUS_VALUE, format!("{} has size {size}", T::WHAT)));
    }
    Ok(size.min(size_of::<T>()) & !(align_of::<T>() - 1))
}

/// Reads a structure of the host; fields that it does not have are zero, and those that the library does not know are not
/// looked at.
///
/// # Safety
/// `at` is NULL or points to a structure that has its size first and is that large.
pub(super) unsafe fn read<T: Growing>(at: *const T) -> Outcome<T> {
    // SAFETY: the caller's promise.
    let known = unsafe { known_size(at)? };
    let mut read = std::mem::MaybeUninit::<T>::zeroed();
    // SAFETY: both are at least `known` bytes long, and any bytes of a host that fill whole fields are values of these; the
    // rest is zero, which the trait promises to be one.
    unsafe {
        read.as_mut_ptr().cast::<u8>().copy_from_nonoverlapping(at.cast(), known);
        Ok(read.assume_init())
    }
}

/// Where a structure of the host is filled.
pub(super) struct Fill<T> {
    at: *mut T,
    /// How many bytes of it are filled.
    pub size: usize,
}

impl<T: Growing> Fill<T> {
    /// A place whose size is set.
    ///
    /// # Safety
    /// `at` is NULL or points to a structure that has its size first, is that large, and may be written until the call ends.
    pub unsafe fn required(at: *mut T) -> Outcome<Fill<T>> {
        // SAFETY: the caller's promise.
        let size = unsafe { known_size(at)? };
        Ok(Fill { at, size })
    }

    /// Fills it.
    pub fn set(self, value: T) {
        // SAFETY: both are at least `size` bytes long.
        unsafe { self.at.cast::<u8>().copy_from_nonoverlapping((&raw const value).cast(), self.size) }
    }
}

/// Declares a structure as one that grows, with how messages name it and its FIRST_SIZE.
macro_rules! growing {
    ($type:ty, $what:literal, $first:expr) => {
        // SAFETY: see the definition of the structure: numbers and pointers, of which each has a word of its own.
        unsafe impl $crate::capi::growing::Growing for $type {
            const WHAT: &'static str = $what;
            const FIRST_SIZE: usize = $first;

            unsafe fn size_at(at: *const $type) -> usize {
                // SAFETY: the caller's promise; the host's structure need not be aligned.
                unsafe { (&raw const (*at).size).read_unaligned() as usize }
            }
        }
    };
}
pub(super) use growing;

#[cfg(test)]
mod tests {
    use super::*;

    #[repr(C)]
    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Grown {
        size: u32,
        first: u32,
        added: *const u8,
        last: *const u8,
    }
    growing!(Grown, "the structure", 8);

    fn grown(size: u32) -> Grown {
        let at = std::ptr::without_provenance(5);
        Grown { size, first: 1, added: at, last: at }
    }

    fn read_of(size: u32) -> Outcome<Grown> {
        // SAFETY: it is larger than the library's own, or as large.
        unsafe { read(&grown(size)) }
    }

    #[test]
    fn older_and_newer_hosts_are_understood() {
        let nothing = std::ptr::null();
        for size in 8..64 {
            let read = read_of(size).unwrap();
            assert_eq!((read.size, read.first), (size, 1));
            assert_eq!(read.added, if size >= 16 { grown(0).added } else { nothing }, "{size}");
            assert_eq!(read.last, if size >= 24 { grown(0).last } else { nothing }, "{size}");
        }
        for size in 0..8 {
            assert_eq!(read_of(size).unwrap_err().status, EXECMON_STATUS_VALUE);
        }
        // SAFETY: NULL is allowed.
        assert_eq!(unsafe { read::<Grown>(nothing.cast()) }.unwrap_err().status, EXECMON_STATUS_NULL);
    }

    #[test]
    fn no_more_is_filled_than_the_host_has() {
        for (asked, filled) in [(8, 8), (15, 8), (16, 16), (24, 24), (1000, 24)] {
            let mut host = Grown { last: std::ptr::null(), added: std::ptr::null(), ..grown(asked) };
            // SAFETY: as above.
            let fill = unsafe { Fill::required(&mut host) }.unwrap();
            assert_eq!(fill.size, filled);
            fill.set(grown(7));
            assert_eq!((host.size, host.added.is_null(), host.last.is_null()), (7, filled < 16, filled < 24));
        }
    }
}
