//! `format()` of str, and padding.

use super::spec::{FormatError, FormatSpec, error, unknown_kind};
use crate::object::str::{Str, StrBuilder};

/// How much fill stands before and after `len` code points.
pub(super) fn padding(len: usize, width: usize, align: char) -> (usize, usize) {
    let total = width.saturating_sub(len);
    match align {
        '>' | '=' => (total, 0),
        '^' => (total / 2, total - total / 2),
        _ => (0, total),
    }
}

/// Appends `s`, of a class of this name, in the format.
pub fn format_str(out: &mut StrBuilder, s: &Str, spec: &FormatSpec, class: &str) -> Result<(), FormatError> {
    if spec.kind != 0 && spec.kind != 's' as u32 {
        return unknown_kind(spec.kind, class);
    }
    if spec.sign != '\0' {
        let what = if spec.sign == ' ' { "Space" } else { "Sign" };
        return error(format!("{what} not allowed in string format specifier"));
    }
    if spec.no_negative_zero {
        return error("Negative zero coercion (z) not allowed in string format specifier");
    }
    if spec.alternate {
        return error("Alternate form (#) not allowed in string format specifier");
    }
    if spec.align == '=' {
        return error("'=' alignment not allowed in string format specifier");
    }
    if let Some(c) = spec.grouping.or(spec.fraction_grouping) {
        return error(format!("Cannot specify '{c}' with 's'."));
    }
    let len = spec.precision.map_or(s.len(), |p| p.min(s.len()));
    let (left, right) = padding(len, spec.width, spec.align);
    out.push_fill(spec.fill, left);
    out.push_slice(s, 0, len);
    out.push_fill(spec.fill, right);
    Ok(())
}
