//! `%` formatting of str and bytes.

use dashu_int::IBig;

use smallvec::SmallVec;

use super::text::padding;
use crate::object::buffer::ByteArray;
use crate::object::dict::Dict;
use crate::object::header::{Kind, Ref};
use crate::object::number_text::{self, Decimal, FloatText, IntTextError, int_to_decimal, int_to_radix};
use crate::object::sequence::{Bytes, Tuple};
use crate::object::str::{Str, StrBuilder};
use crate::object::value::Value;
use crate::vm::{R, Vm};

/// One conversion: `%[(key)][flags][width][.precision][length]type`.
#[derive(Default)]
struct Conversion {
    left: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
}

/// A number of a conversion.  CPython keeps a width in a `ssize_t` and a precision in an `int`.
#[derive(Clone, Copy)]
enum Number {
    Width,
    Precision,
}

impl Number {
    fn limit(self) -> i64 {
        match self {
            Number::Width => isize::MAX as i64,
            Number::Precision => i32::MAX as i64,
        }
    }

    fn too_big(self) -> &'static str {
        match self {
            Number::Width => "width too big",
            Number::Precision => "precision too big",
        }
    }
}

/// The values to convert, in order or by name.
struct Values<'a> {
    args: &'a Value,
    /// What is converted next where `args` is no tuple: that itself, or what it has under the last key.
    value: Value,
    /// The items of a tuple.
    items: Option<Ref<Tuple>>,
    next: usize,
    mapping: bool,
    bytes: bool,
}

impl Values<'_> {
    fn take(&mut self, vm: &mut Vm) -> R {
        let found = match &self.items {
            Some(t) => t.get(self.next).cloned(),
            None if self.next == 0 => Some(self.value.clone()),
            None => None,
        };
        self.next += 1;
        found.ok_or_else(|| vm.type_error("not enough arguments for format string"))
    }

    fn is_exhausted(&self) -> bool {
        match &self.items {
            Some(t) => self.next >= t.len(),
            None => self.next > 0,
        }
    }
}

impl Vm {
    /// `template % args` of str.
    pub fn percent_str(&mut self, template: &Ref<Str>, args: &Value) -> R<Ref<Str>> {
        let points: SmallVec<[u32; 64]> = template.points().collect();
        let out = self.percent(&points, Some(template), args)?;
        Ok(out.finish(&self.heap))
    }

    /// `template % args` of bytes.
    pub fn percent_bytes(&mut self, template: &Ref<Bytes>, args: &Value) -> R<Ref<Bytes>> {
        let points: Vec<u32> = template.data.iter().map(|&b| b as u32).collect();
        let out = self.percent(&points, None, args)?.finish(&self.heap);
        // Only bytes were appended.
        let data: Vec<u8> = out.points().map(|p| p as u8).collect();
        Ok(Bytes::new(&self.heap, data))
    }

    /// `text` is the str whose code points `t` are; without one they are bytes.
    fn percent(&mut self, t: &[u32], text: Option<&Str>, args: &Value) -> R<StrBuilder> {
        let bytes = text.is_none();
        let items = args.downcast::<Tuple>().cloned();
        let mapping = items.is_none()
            && !matches!(args.kind(), Some(Kind::Str))
            && !(bytes && (args.kind() == Some(Kind::Bytes) || args.opaque::<ByteArray>().is_some()))
            && self.is_mapping(args);
        let mut values = Values { args, value: args.clone(), items, next: 0, mapping, bytes };
        let mut out = StrBuilder::with_capacity(t.len());
        let mut i = 0;
        while i < t.len() {
            if t[i] != '%' as u32 {
                let end = t[i..].iter().position(|&p| p == '%' as u32).map_or(t.len(), |n| i + n);
                match text {
                    Some(text) => out.push_slice(text, i, end),
                    None => out.push_points(t[i..end].iter().copied()),
                }
                i = end;
                continue;
            }
            i += 1;
            self.percent_one(t, &mut i, &mut values, &mut out)?;
        }
        if !values.is_exhausted() && !values.mapping && values.items.as_ref().is_none_or(|t| !t.is_empty()) {
            let what = if bytes { "bytes" } else { "string" };
            return Err(self.type_error(format!("not all arguments converted during {what} formatting")));
        }
        Ok(out)
    }

    /// Whether `v[key]` may be asked: dicts, and what has `__getitem__` (lists too, as in CPython).
    fn is_mapping(&mut self, v: &Value) -> bool {
        let name = self.types().names.__getitem__.clone();
        v.downcast::<Dict>().is_some() || v.class(&self.heap).lookup(&name).is_some()
    }

    fn percent_one(&mut self, t: &[u32], i: &mut usize, values: &mut Values<'_>, out: &mut StrBuilder) -> R<()> {
        let at = |i: usize| t.get(i).map(|&p| char::from_u32(p).unwrap_or('\u{fffd}'));
        if at(*i) == Some('%') {
            *i += 1;
            out.push('%' as u32);
            return Ok(());
        }
        if at(*i) == Some('(') {
            if !values.mapping {
                return Err(self.type_error("format requires a mapping"));
            }
            *i += 1;
            let start = *i;
            let mut depth = 1;
            while depth > 0 {
                match at(*i) {
                    Some('(') => depth += 1,
                    Some(')') => depth -= 1,
                    Some(_) => {}
                    None => return Err(self.value_error("incomplete format key")),
                }
                *i += 1;
            }
            let name = &t[start..*i - 1];
            let key: Value = if values.bytes {
                Bytes::new(&self.heap, name.iter().map(|&p| p as u8).collect::<Vec<u8>>()).into()
            } else {
                Str::from_points(&self.heap, name).into()
            };
            let args = values.args.clone();
            values.value = self.get_item(&args, &key)?;
            values.next = 0;
        }
        let mut c = Conversion::default();
        loop {
            match at(*i) {
                Some('-') => c.left = true,
                Some('+') => c.plus = true,
                Some(' ') => c.space = true,
                Some('#') => c.alternate = true,
                Some('0') => c.zero = true,
                _ => break,
            }
            *i += 1;
        }
        if let Some(n) = self.percent_number(t, i, values, Number::Width)? {
            c.left |= n < 0;
            c.width = n.unsigned_abs() as usize;
        }
        if at(*i) == Some('.') {
            *i += 1;
            let n = self.percent_number(t, i, values, Number::Precision)?.unwrap_or(0);
            c.precision = Some(n.max(0) as usize);
        }
        if matches!(at(*i), Some('h' | 'l' | 'L')) {
            *i += 1;
        }
        let Some(kind) = at(*i) else { return Err(self.value_error("incomplete format")) };
        let index = *i;
        *i += 1;
        let units = c.width.max(c.precision.unwrap_or(0));
        if units > 4096 {
            self.check_memory(units.checked_mul(4))?;
        }
        let value = values.take(self)?;
        if !kind.is_ascii() || !b"sbracdiuoxXeEfFgG".contains(&(kind as u8)) || (kind == 'b' && !values.bytes) {
            let point = t[index];
            let shown = if (32..127).contains(&point) { kind } else { '?' };
            return Err(
                self.value_error(format!("unsupported format character '{shown}' (0x{point:x}) at index {index}"))
            );
        }
        match kind {
            's' if !values.bytes && c.width == 0 && c.precision.is_none() && self.push_plainly(&value, out) => {}
            'd' if c.precision.is_none()
                && let Some(i) = value.as_small_int() =>
            {
                lay_out(out, &c, i < 0, "", Decimal::new(i).as_str().trim_start_matches('-'), true);
            }
            's' | 'r' | 'a' | 'b' => {
                let text = match kind {
                    's' | 'b' if values.bytes => {
                        let data = self.percent_buffer(&value)?;
                        let points: Vec<u32> = data.iter().map(|&b| b as u32).collect();
                        Str::from_points(&self.heap, &points)
                    }
                    's' => self.str(&value)?,
                    'r' if !values.bytes => self.repr(&value)?,
                    _ => self.ascii(&value)?,
                };
                let len = c.precision.map_or(text.len(), |p| p.min(text.len()));
                self.check_memory(len.checked_mul(4))?;
                let (left, right) = padding(len, c.width, if c.left { '<' } else { '>' });
                out.push_fill(' ' as u32, left);
                out.push_slice(&text, 0, len);
                out.push_fill(' ' as u32, right);
            }
            'c' => {
                let point = self.percent_char(&value, values.bytes)?;
                let (left, right) = padding(1, c.width, if c.left { '<' } else { '>' });
                out.push_fill(' ' as u32, left);
                out.push(point);
                out.push_fill(' ' as u32, right);
            }
            'i' if values.bytes => self.percent_int('d', &c, &value, out)?,
            'd' | 'i' | 'u' | 'o' | 'x' | 'X' => self.percent_int(kind, &c, &value, out)?,
            _ => {
                let x = match self.number_as_float(&value)? {
                    Some(x) => x,
                    None => self.percent_float_value(&value, values.bytes)?,
                };
                let precision = c.precision.unwrap_or(6);
                if precision > i32::MAX as usize {
                    return Err(self.value_error("precision too big"));
                }
                let FloatText { text, finite } = number_text::format_float(x, kind, precision, c.alternate, false);
                lay_out(out, &c, x.is_sign_negative() && !x.is_nan(), "", &text, finite || c.zero);
            }
        }
        Ok(())
    }

    /// A width or precision: digits, or `*` and the next value.
    fn percent_number(&mut self, t: &[u32], i: &mut usize, values: &mut Values<'_>, number: Number) -> R<Option<i64>> {
        if t.get(*i) == Some(&('*' as u32)) {
            *i += 1;
            let v = values.take(self)?;
            if v.as_int().is_none() {
                return Err(self.type_error("* wants int"));
            }
            return match number {
                Number::Width => self.index_i64(&v).map(Some),
                Number::Precision => self.index_c_int(&v).map(|n| Some(n.into())),
            };
        }
        let mut n: Option<i64> = None;
        while let Some(d) = t.get(*i).and_then(|&p| char::from_u32(p)).and_then(|c| c.to_digit(10)) {
            let next =
                n.unwrap_or(0).checked_mul(10).and_then(|n| n.checked_add(d as i64)).filter(|&n| n <= number.limit());
            match next {
                Some(next) => n = Some(next),
                None => return Err(self.value_error(number.too_big())),
            }
            *i += 1;
        }
        Ok(n)
    }

    fn percent_buffer(&mut self, value: &Value) -> R<Vec<u8>> {
        if let Some(data) = self.bytes_of(value)? {
            return Ok(data.into_owned());
        }
        let name = self.types().names.__bytes__.clone();
        if let Some(v) = self.call_special(value, &name, &[])? {
            if let Some(b) = v.downcast::<Bytes>() {
                return Ok(b.data.to_vec());
            }
            let got = v.class(&self.heap).name_str();
            return Err(self.type_error(format!("__bytes__ returned non-bytes (type {got})")));
        }
        let class = value.class(&self.heap).name_str();
        Err(self.type_error(format!(
            "%b requires a bytes-like object, or an object that implements __bytes__, not '{class}'"
        )))
    }

    fn percent_char(&mut self, value: &Value, bytes: bool) -> R<u32> {
        match (value.downcast::<Str>(), value.bytes_like().as_deref()) {
            (Some(s), _) if !bytes && s.len() == 1 => return Ok(s.point(0).unwrap_or(0)),
            (_, Some(&[b])) if bytes => return Ok(b.into()),
            _ => {}
        }
        let limit = if bytes { 255 } else { 0x10ffff };
        let number = match value.as_int() {
            Some(i) => Some(i.to_i64()),
            None if value.header().is_some() && value.as_float().is_none() && self.has_index(value) => {
                Some(self.index(value)?.as_int().and_then(|i| i.to_i64()))
            }
            None => None,
        };
        match number {
            Some(Some(n)) if (0..=limit).contains(&n) => Ok(n as u32),
            Some(_) if bytes => Err(self.overflow_error("%c arg not in range(256)")),
            Some(_) => Err(self.overflow_error("%c arg not in range(0x110000)")),
            None if bytes => Err(self.type_error("%c requires an integer in range(256) or a single byte")),
            None => Err(self.type_error("%c requires int or char")),
        }
    }

    pub fn has_index(&mut self, value: &Value) -> bool {
        let name = self.types().names.__index__.clone();
        value.class(&self.heap).lookup(&name).is_some()
    }

    fn percent_int(&mut self, kind: char, c: &Conversion, value: &Value, out: &mut StrBuilder) -> R<()> {
        let decimal = matches!(kind, 'd' | 'i' | 'u');
        let number: IBig = match value.as_int() {
            Some(i) => i.to_big(),
            None => match self.percent_int_value(value, decimal) {
                Ok(Some(v)) => v.as_int().map(|i| i.to_big()).unwrap_or_default(),
                Err(e) if !self.is_exception(&e, &self.types().TypeError) => return Err(e),
                Ok(None) | Err(_) => {
                    let class = value.class(&self.heap).name_str();
                    let wants = if decimal { "a real number" } else { "an integer" };
                    return Err(self.type_error(format!("%{kind} format: {wants} is required, not {class}")));
                }
            },
        };
        let (negative, mut digits) = if decimal {
            match int_to_decimal(&number, self.int_max_str_digits()) {
                Ok(t) => (t.starts_with('-'), t.trim_start_matches('-').to_string()),
                Err(IntTextError::TooLong { limit, digits }) => {
                    return Err(self.value_error(IntTextError::too_long_text(limit, digits)));
                }
                Err(IntTextError::Invalid) => return Err(self.system_error("an int without digits")),
            }
        } else {
            int_to_radix(&number, if kind == 'o' { 8 } else { 16 })
        };
        if kind == 'X' {
            digits.make_ascii_uppercase();
        }
        if let Some(p) = c.precision
            && p > digits.len()
        {
            digits.insert_str(0, &"0".repeat(p - digits.len()));
        }
        let prefix = match kind {
            'o' if c.alternate => "0o",
            'x' if c.alternate => "0x",
            'X' if c.alternate => "0X",
            _ => "",
        };
        lay_out(out, c, negative, prefix, &digits, true);
        Ok(())
    }

    /// The int of something that is none: a float cut off (`%d`), or by `__int__` / `__index__`.
    fn percent_int_value(&mut self, value: &Value, decimal: bool) -> R<Option<Value>> {
        if value.as_float().is_some() {
            return if decimal { self.float_to_int(value).map(Some) } else { Ok(None) };
        }
        if decimal {
            let name = self.types().names.__int__.clone();
            if value.class(&self.heap).lookup(&name).is_some()
                && let Some(v) = self.call_special(value, &name, &[])?
            {
                return Ok(Some(v).filter(|v| v.as_int().is_some()));
            }
        }
        if value.downcast::<Str>().is_none() && self.has_index(value) {
            return self.index(value).map(Some);
        }
        Ok(None)
    }

    fn percent_float_value(&mut self, value: &Value, bytes: bool) -> R<f64> {
        match self.float_of_object(value)? {
            Some(x) => Ok(x),
            None => {
                let class = value.class(&self.heap).name_str();
                let what = if bytes { "float argument required" } else { "must be real number" };
                Err(self.type_error(format!("{what}, not {class}")))
            }
        }
    }
}

fn lay_out(out: &mut StrBuilder, c: &Conversion, negative: bool, prefix: &str, text: &str, zeros: bool) {
    let sign = match () {
        () if negative => "-",
        () if c.plus => "+",
        () if c.space => " ",
        () => "",
    };
    let len = sign.len() + prefix.len() + text.len();
    let fill = c.width.saturating_sub(len);
    let zero_fill = c.zero && !c.left && zeros;
    if !c.left && !zero_fill {
        out.push_fill(' ' as u32, fill);
    }
    out.push_str(sign);
    out.push_str(prefix);
    if zero_fill {
        out.push_fill('0' as u32, fill);
    }
    out.push_str(text);
    if c.left {
        out.push_fill(' ' as u32, fill);
    }
}
