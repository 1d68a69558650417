//! How much memory there is: the ceiling of programs that are given none.

/// Bytes that this process may hope to get: the machine's memory, or less where a limit is set on the process or on its
/// control group.  Beyond it the system would end the process, and no MemoryError could be raised.
pub(super) fn memory() -> usize {
    [physical(), address_space(), control_group()].into_iter().flatten().min().unwrap_or(usize::MAX)
}

#[cfg(unix)]
fn physical() -> Option<usize> {
    // SAFETY: sysconf has no preconditions; -1 says that it does not know.
    let (pages, size) = unsafe { (libc::sysconf(libc::_SC_PHYS_PAGES), libc::sysconf(libc::_SC_PAGESIZE)) };
    usize::try_from(pages).ok()?.checked_mul(usize::try_from(size).ok()?)
}

#[cfg(unix)]
fn address_space() -> Option<usize> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the pointer is to a live structure of the right type.
    let known = unsafe { libc::getrlimit(libc::RLIMIT_AS, &mut limit) } == 0;
    if !known || limit.rlim_cur == libc::RLIM_INFINITY {
        return None;
    }
    let taken = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: usize = taken.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0);
    // SAFETY: as above.
    let size = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(4096);
    Some((limit.rlim_cur as usize).saturating_sub(pages * size))
}

#[cfg(not(unix))]
fn physical() -> Option<usize> {
    None
}

#[cfg(not(unix))]
fn address_space() -> Option<usize> {
    None
}

/// The limit of the control group (version 2), as a container sees it.
fn control_group() -> Option<usize> {
    std::fs::read_to_string("/sys/fs/cgroup/memory.max").ok()?.trim().parse().ok()
}
