//! The format-spec mini language: `[[fill]align][sign][z][#][0][width][grouping][.precision[grouping]][type]`.

use crate::object::str::Str;

/// An error of the mini language, in CPython's words.
#[derive(Debug, PartialEq, Eq)]
pub enum FormatError {
    Value(String),
    Overflow(String),
}

pub(super) fn error<T>(text: impl Into<String>) -> Result<T, FormatError> {
    Err(FormatError::Value(text.into()))
}

/// A parsed specification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatSpec {
    pub fill: u32,
    /// `<`, `>`, `=` or `^`.
    pub align: char,
    /// Written by the program (str refuses `=` only then).
    pub align_given: bool,
    /// `+`, `-`, space, or NUL where none was given.
    pub sign: char,
    /// `z`: negative zero is zero.
    pub no_negative_zero: bool,
    pub alternate: bool,
    /// In code points; 0 is none.
    pub width: usize,
    /// `,` or `_` between groups of digits.
    pub grouping: Option<char>,
    pub precision: Option<usize>,
    /// The same in the fraction (3.14).
    pub fraction_grouping: Option<char>,
    /// Presentation type; NUL where none was given.
    pub kind: u32,
}

impl FormatSpec {
    /// Parses a specification for an object of the named class; numbers align right.
    pub fn parse(spec: &Str, number: bool, class: &str) -> Result<FormatSpec, FormatError> {
        let mut short = [0; 16];
        let long: Vec<u32>;
        let points = if spec.len() <= short.len() {
            short.iter_mut().zip(spec.points()).for_each(|(to, point)| *to = point);
            &short[..spec.len()]
        } else {
            long = spec.points().collect();
            &long[..]
        };
        let invalid =
            || error(format!("Invalid format specifier '{}' for object of type '{class}'", spec.to_string_lossy()));
        let default_align = if number { '>' } else { '<' };
        let mut s = FormatSpec {
            fill: ' ' as u32,
            align: default_align,
            align_given: false,
            sign: '\0',
            no_negative_zero: false,
            alternate: false,
            width: 0,
            grouping: None,
            precision: None,
            fraction_grouping: None,
            kind: 0,
        };
        let at = |i: usize| points.get(i).copied().and_then(char::from_u32).unwrap_or('\0');
        let is_align = |c: char| matches!(c, '<' | '>' | '=' | '^');
        let mut i = 0;
        let mut fill_given = false;
        if points.len() >= 2 && is_align(at(1)) {
            (s.fill, s.align, s.align_given, fill_given) = (points[0], at(1), true, true);
            i = 2;
        } else if is_align(at(0)) {
            (s.align, s.align_given) = (at(0), true);
            i = 1;
        }
        if matches!(at(i), ' ' | '+' | '-') {
            s.sign = at(i);
            i += 1;
        }
        if at(i) == 'z' {
            s.no_negative_zero = true;
            i += 1;
        }
        if at(i) == '#' {
            s.alternate = true;
            i += 1;
        }
        if !fill_given && at(i) == '0' {
            s.fill = '0' as u32;
            if !s.align_given && default_align == '>' {
                s.align = '=';
            }
            i += 1;
        }
        s.width = number_at(points, &mut i)?.unwrap_or(0);
        s.grouping = grouping_at(points, &mut i)?;
        if at(i) == '.' {
            i += 1;
            s.precision = number_at(points, &mut i)?;
            s.fraction_grouping = grouping_at(points, &mut i)?;
            if s.precision.is_none() && s.fraction_grouping.is_none() {
                return error("Format specifier missing precision");
            }
        }
        match points.len() - i.min(points.len()) {
            0 => {}
            1 => s.kind = points[i],
            _ => return invalid(),
        }
        for c in [s.grouping, s.fraction_grouping].into_iter().flatten() {
            let fits = match char::from_u32(s.kind).unwrap_or('?') {
                'd' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F' | '\0' => true,
                'b' | 'o' | 'x' | 'X' => c == '_',
                _ => false,
            };
            if !fits {
                let kind = match s.kind {
                    k @ 33..=127 => char::from_u32(k).unwrap_or('?').to_string(),
                    k => format!("\\x{k:x}"),
                };
                return error(format!("Cannot specify '{c}' with '{kind}'."));
            }
        }
        Ok(s)
    }

    /// Whether an int must become a float for this presentation type.
    pub fn is_float_type(&self) -> bool {
        matches!(char::from_u32(self.kind), Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%'))
    }
}

fn grouping_at(points: &[u32], i: &mut usize) -> Result<Option<char>, FormatError> {
    let at = |i: usize| points.get(i).copied().and_then(char::from_u32);
    let mut found = None;
    if at(*i) == Some(',') {
        found = Some(',');
        *i += 1;
    }
    if at(*i) == Some('_') {
        if found.is_some() {
            return error("Cannot specify both ',' and '_'.");
        }
        found = Some('_');
        *i += 1;
    }
    if at(*i) == Some(',') && found == Some('_') {
        return error("Cannot specify both ',' and '_'.");
    }
    Ok(found)
}

/// A decimal number at `i`, which moves behind it.
pub(super) fn number_at(points: &[u32], i: &mut usize) -> Result<Option<usize>, FormatError> {
    let mut n: Option<usize> = None;
    while let Some(d) =
        points.get(*i).and_then(|&p| char::from_u32(p)).and_then(crate::object::number_text::decimal_digit)
    {
        let next = n.unwrap_or(0).checked_mul(10).and_then(|n| n.checked_add(d as usize));
        match next.filter(|&n| n <= isize::MAX as usize) {
            Some(next) => n = Some(next),
            None => return error("Too many decimal digits in format string"),
        }
        *i += 1;
    }
    Ok(n)
}

/// The error for a presentation type that a class does not have.
pub(super) fn unknown_kind<T>(kind: u32, class: &str) -> Result<T, FormatError> {
    match char::from_u32(kind) {
        Some(c) if (33..128).contains(&kind) => {
            error(format!("Unknown format code '{c}' for object of type '{class}'"))
        }
        _ => error(format!("Unknown format code '\\x{kind:x}' for object of type '{class}'")),
    }
}
