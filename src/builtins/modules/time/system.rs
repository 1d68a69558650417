//! The calls of the C library that know clocks, the calendar and the machine's time zone: the one file of the module that is
//! unsafe.

use std::ffi::{CStr, CString, c_int};
use std::io;
use std::mem::MaybeUninit;

/// A moment as `struct_time` has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// Year, month, day, hour, minute, second, day of the week from Monday, day of the year, whether it is summer time (-1:
    /// not known).
    pub fields: [c_int; 9],
    /// The abbreviated name of its time zone; None: what the machine's has at such a time.
    pub zone: Option<CString>,
    /// Seconds east of UTC.
    pub offset: i64,
}

unsafe extern "C" {
    fn tzset();
}

impl Moment {
    fn from_tm(tm: &libc::tm) -> io::Result<Moment> {
        let Some(year) = tm.tm_year.checked_add(1900) else {
            return Err(io::Error::from_raw_os_error(libc::EOVERFLOW));
        };
        let weekday = (tm.tm_wday + 6) % 7;
        let fields =
            [year, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, weekday, tm.tm_yday + 1, tm.tm_isdst];
        let zone = match tm.tm_zone.is_null() {
            true => None,
            // SAFETY: the C library has just set it to a text of its own.
            false => Some(unsafe { CStr::from_ptr(tm.tm_zone) }.to_owned()),
        };
        Ok(Moment { fields, zone, offset: tm.tm_gmtoff })
    }

    /// The zone's name is borrowed.
    fn to_tm(&self) -> libc::tm {
        let [year, month, day, hour, minute, second, weekday, yearday, summer] = self.fields;
        libc::tm {
            tm_sec: second,
            tm_min: minute,
            tm_hour: hour,
            tm_mday: day,
            tm_mon: month.saturating_sub(1),
            tm_year: year.saturating_sub(1900),
            tm_wday: weekday.saturating_add(1) % 7,
            tm_yday: yearday.saturating_sub(1),
            tm_isdst: summer,
            tm_gmtoff: self.offset,
            tm_zone: self.zone.as_ref().map_or(std::ptr::null(), |zone| zone.as_ptr()),
        }
    }

    /// The moment so many seconds after the epoch, in UTC.
    pub fn utc(seconds: i64) -> io::Result<Moment> {
        let mut tm = MaybeUninit::<libc::tm>::zeroed();
        // SAFETY: a zeroed structure is valid, and both live during the call.
        match unsafe { libc::gmtime_r(&seconds, tm.as_mut_ptr()) }.is_null() {
            true => Err(io::Error::last_os_error()),
            // SAFETY: as above.
            false => Moment::from_tm(unsafe { tm.assume_init_ref() }),
        }
    }

    /// The same in the machine's time zone.
    pub fn local(seconds: i64) -> io::Result<Moment> {
        let mut tm = MaybeUninit::<libc::tm>::zeroed();
        // SAFETY: as in `utc`.
        match unsafe { libc::localtime_r(&seconds, tm.as_mut_ptr()) }.is_null() {
            true => Err(io::Error::last_os_error()),
            // SAFETY: as above.
            false => Moment::from_tm(unsafe { tm.assume_init_ref() }),
        }
    }

    /// Seconds after the epoch, of a moment in the machine's time zone; fields beyond their ranges are carried over.  None:
    /// there is no such moment.
    pub fn seconds(&self) -> Option<i64> {
        let mut tm = self.to_tm();
        // It tells the second before the epoch from a failure.
        tm.tm_wday = -1;
        // SAFETY: the structure is valid; the zone's name is not looked at.
        let seconds = unsafe { libc::mktime(&mut tm) };
        (seconds != -1 || tm.tm_wday != -1).then_some(seconds)
    }

    /// `strftime(3)`: the text of a format without NUL, in the locale of the process.
    pub fn format(&self, format: &CStr) -> Vec<u8> {
        let tm = self.to_tm();
        let mut size = 1024;
        loop {
            let mut out: Vec<u8> = Vec::with_capacity(size);
            // SAFETY: the buffer has room for `size` bytes, the format ends in NUL, the zone's name lives as long as `self`.
            let length = unsafe { libc::strftime(out.as_mut_ptr().cast(), size, format.as_ptr(), &tm) };
            // Nothing is what it gives for too small a buffer, and for some formats, such as an empty one.
            if length > 0 || size >= 256 * format.count_bytes() {
                // SAFETY: so many bytes have been written.
                unsafe { out.set_len(length) };
                return out;
            }
            size *= 2;
        }
    }
}

/// Asks for the time zone of the process (the variable `TZ`) anew.
pub fn renew_zone() {
    // SAFETY: takes nothing; the C library locks.
    unsafe { tzset() }
}

/// A clock of the system, by its number.
#[derive(Clone, Copy)]
pub struct Clock(pub libc::clockid_t);

fn nanoseconds(t: &libc::timespec) -> i128 {
    i128::from(t.tv_sec) * 1_000_000_000 + i128::from(t.tv_nsec)
}

impl Clock {
    /// What it shows, in nanoseconds.
    pub fn read(self) -> io::Result<i128> {
        let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: the structure lives during the call; a number that is no clock is refused.
        match unsafe { libc::clock_gettime(self.0, &mut t) } {
            0 => Ok(nanoseconds(&t)),
            _ => Err(io::Error::last_os_error()),
        }
    }

    /// How fine it is, in nanoseconds.
    pub fn resolution(self) -> io::Result<i128> {
        let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: as in `read`.
        match unsafe { libc::clock_getres(self.0, &mut t) } {
            0 => Ok(nanoseconds(&t)),
            _ => Err(io::Error::last_os_error()),
        }
    }

    /// Sets it, which few may.
    pub fn set(self, seconds: i64, nanoseconds: i64) -> io::Result<()> {
        let t = libc::timespec { tv_sec: seconds, tv_nsec: nanoseconds };
        // SAFETY: as in `read`.
        match unsafe { libc::clock_settime(self.0, &t) } {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_the_fields_that_cpython_gives() {
        assert_eq!(Moment::utc(0).unwrap().fields, [1970, 1, 1, 0, 0, 0, 3, 1, 0]);
        assert_eq!(Moment::utc(951_827_696).unwrap().fields, [2000, 2, 29, 12, 34, 56, 1, 60, 0]);
        assert_eq!(Moment::utc(-1).unwrap().fields, [1969, 12, 31, 23, 59, 59, 2, 365, 0]);
        assert_eq!(Moment::utc(1 << 60).unwrap_err().raw_os_error(), Some(libc::EOVERFLOW));
    }

    #[test]
    fn local_moments_come_back() {
        for seconds in [0, 951_827_696, 1_720_000_000, -1_000_000_000, -1] {
            assert_eq!(Moment::local(seconds).unwrap().seconds(), Some(seconds));
        }
        let never = Moment { fields: [c_int::MAX, 1, 1, 0, 0, 0, 0, 1, 0], zone: None, offset: 0 };
        assert!(never.seconds().is_some_and(|s| s > 1 << 50));
    }

    #[test]
    fn formats_name_the_zone_of_the_moment() {
        let mut moment = Moment::utc(1_609_459_200).unwrap();
        moment.zone = Some(c"NST".into());
        moment.offset = -12_600;
        assert_eq!(moment.format(c"%G-W%V-%u %j %U %W %z %Z"), b"2020-W53-5 001 00 00 -0330 NST");
        assert_eq!(moment.format(c""), b"");
        let long = CString::new("%Y".repeat(3000)).unwrap();
        assert_eq!(moment.format(&long).len(), 12_000);
    }
}
