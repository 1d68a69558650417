//! File descriptors: the calls of the operating system, for the functions of `posix` and the classes of `_io`.
//!
//! A descriptor is a number that the program owns, as in C: where nothing is open on it the system answers EBADF.  A call
//! that a signal interrupts is made again, after the host's requests were served (PEP 475).

use std::ffi::CString;
use std::fs::File;
use std::io::{self, IsTerminal, Read, Seek, SeekFrom, Write};
use std::mem::ManuallyDrop;
use std::os::fd::{FromRawFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::vm::{Exc, R, Vm};

/// The longest that a wait goes on without looking at what the host has asked for, in milliseconds.
const SLICE: i32 = 20;

/// An `OSError` of the subclass that the error number has in CPython.
pub fn os_error(vm: &mut Vm, e: &io::Error, filename: Option<&crate::object::value::Value>) -> Exc {
    // An error that did not come from the system has no number of its own.
    vm.os_error(e.raw_os_error().unwrap_or(libc::EIO), filename)
}

/// A file by its descriptor, which is not closed when this is dropped.
pub fn borrow(fd: RawFd) -> ManuallyDrop<File> {
    // SAFETY: the number is the program's own to use.  It is not -1, and the file is never dropped.
    ManuallyDrop::new(unsafe { File::from_raw_fd(fd.max(0)) })
}

/// Makes a call until no signal interrupts it; the host's interrupt is raised in between.
fn retry<T>(vm: &mut Vm, mut call: impl FnMut() -> io::Result<T>) -> R<io::Result<T>> {
    loop {
        match call() {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => vm.check_interrupts()?,
            result => return Ok(result),
        }
    }
}

/// Opens a path; the descriptor is not inherited by child processes.
pub fn open(vm: &mut Vm, path: &Path, flags: i32, mode: u32) -> R<io::Result<RawFd>> {
    let Ok(path) = CString::new(path.as_os_str().as_bytes()) else {
        return Ok(Err(io::Error::from_raw_os_error(libc::EINVAL)));
    };
    retry(vm, || {
        // SAFETY: the path ends in NUL and lives during the call.
        match unsafe { libc::open(path.as_ptr(), flags | libc::O_CLOEXEC, mode) } {
            -1 => Err(io::Error::last_os_error()),
            fd => Ok(fd),
        }
    })
}

/// Closes a descriptor.  It is gone even where this fails, so a close is never made twice.
pub fn close(fd: RawFd) -> io::Result<()> {
    // SAFETY: takes a number; a bad one is refused.
    match unsafe { libc::close(fd) } {
        0 => Ok(()),
        _ => match io::Error::last_os_error() {
            e if e.kind() == io::ErrorKind::Interrupted => Ok(()),
            e => Err(e),
        },
    }
}

/// Reads into `buffer`; 0 is the end.
pub fn read(vm: &mut Vm, fd: RawFd, buffer: &mut [u8]) -> R<io::Result<usize>> {
    retry(vm, || borrow(fd).read(buffer))
}

/// Waits until there is something to read, or the host interrupts the program.  For what may keep its reader waiting:
/// terminals, pipes, sockets.
pub fn wait_readable(vm: &mut Vm, fd: RawFd) -> R<()> {
    loop {
        let mut asked = libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
        // SAFETY: one entry, which lives during the call.
        match unsafe { libc::poll(&raw mut asked, 1, SLICE) } {
            0 => vm.check_interrupts()?,
            -1 if io::Error::last_os_error().kind() == io::ErrorKind::Interrupted => vm.check_interrupts()?,
            // What is wrong with the descriptor the read will say.
            _ => return Ok(()),
        }
    }
}

/// Writes what the system takes at once.
pub fn write(vm: &mut Vm, fd: RawFd, data: &[u8]) -> R<io::Result<usize>> {
    retry(vm, || borrow(fd).write(data))
}

/// Moves the position; `whence` is 0, 1 or 2.
pub fn seek(fd: RawFd, offset: i64, whence: i64) -> io::Result<i64> {
    let to = match whence {
        0 if offset >= 0 => SeekFrom::Start(offset as u64),
        1 => SeekFrom::Current(offset),
        2 => SeekFrom::End(offset),
        _ => return Err(io::Error::from_raw_os_error(libc::EINVAL)),
    };
    borrow(fd).seek(to).map(|n| n as i64)
}

/// Cuts a file, or fills it up with zeros.
pub fn truncate(fd: RawFd, size: i64) -> io::Result<()> {
    match u64::try_from(size) {
        Ok(n) => borrow(fd).set_len(n),
        Err(_) => Err(io::Error::from_raw_os_error(libc::EINVAL)),
    }
}

pub fn is_terminal(fd: RawFd) -> bool {
    fd >= 0 && borrow(fd).is_terminal()
}

/// What a descriptor is open on.
pub fn stat(fd: RawFd) -> io::Result<std::fs::Metadata> {
    if fd < 0 {
        return Err(io::Error::from_raw_os_error(libc::EBADF));
    }
    borrow(fd).metadata()
}

/// Whether child processes get the descriptor.
pub fn is_inheritable(fd: RawFd) -> io::Result<bool> {
    // SAFETY: asks for the flags of a number.
    match unsafe { libc::fcntl(fd, libc::F_GETFD) } {
        -1 => Err(io::Error::last_os_error()),
        flags => Ok(flags & libc::FD_CLOEXEC == 0),
    }
}

/// Says whether child processes get the descriptor.
pub fn set_inheritable(fd: RawFd, inheritable: bool) -> io::Result<()> {
    change_flags(fd, libc::F_GETFD, libc::F_SETFD, libc::FD_CLOEXEC, !inheritable)
}

/// Whether reads and writes wait.
pub fn is_blocking(fd: RawFd) -> io::Result<bool> {
    // SAFETY: asks for the flags of a number.
    match unsafe { libc::fcntl(fd, libc::F_GETFL) } {
        -1 => Err(io::Error::last_os_error()),
        flags => Ok(flags & libc::O_NONBLOCK == 0),
    }
}

/// Says whether reads and writes wait.
pub fn set_blocking(fd: RawFd, blocking: bool) -> io::Result<()> {
    change_flags(fd, libc::F_GETFL, libc::F_SETFL, libc::O_NONBLOCK, !blocking)
}

fn change_flags(fd: RawFd, get: i32, set: i32, flag: i32, on: bool) -> io::Result<()> {
    // SAFETY: reads and writes the flags of a number.
    let old = unsafe { libc::fcntl(fd, get) };
    let new = if on { old | flag } else { old & !flag };
    // SAFETY: as above.
    if old == -1 || unsafe { libc::fcntl(fd, set, new) } == -1 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// Makes `to` another name of what `from` is open on; what `to` was open on is closed.
pub fn duplicate_to(from: RawFd, to: RawFd, inheritable: bool) -> io::Result<()> {
    // SAFETY: takes two numbers; a bad one is refused.
    if unsafe { libc::dup2(from, to) } == -1 {
        return Err(io::Error::last_os_error());
    }
    if inheritable { Ok(()) } else { set_inheritable(to, false) }
}
