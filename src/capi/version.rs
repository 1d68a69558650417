//! The version of the library.

use std::ffi::{CStr, c_char};

const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
    Ok(version) => version,
    Err(_) => panic!(),
};

const fn number(text: &[u8]) -> u32 {
    let (mut parts, mut part, mut i) = ([0; 3], 0, 0);
    while i < text.len() && part < 3 {
        match text[i] {
            b'.' => part += 1,
            digit => parts[part] = parts[part] * 10 + (digit - b'0') as u32,
        }
        i += 1;
    }
    parts[0] << 16 | parts[1] << 8 | parts[2]
}

/// The version of the library that is running, such as "0.1.0"; EXECMON_VERSION is that of the header.  Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_version() -> *const c_char {
    VERSION.as_ptr()
}

/// The version of the library that is running, as major << 16 | minor << 8 | patch; EXECMON_VERSION_NUMBER is that of
/// the header.  A library with the same major version and at least the same number serves the header's hosts.  Any
/// thread.
#[unsafe(no_mangle)]
pub extern "C" fn execmon_version_number() -> u32 {
    const { number(env!("CARGO_PKG_VERSION").as_bytes()) }
}
