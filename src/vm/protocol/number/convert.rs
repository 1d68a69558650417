//! From objects to ints and floats: what `int(x)` and `float(x)` do with one argument.

use dashu_int::IBig;

use crate::object::number::{BigInt, Float};
use crate::object::number_text::{self, IntTextError, integer_ratio};
use crate::object::sequence::Bytes;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::{R, Vm};

impl Vm {
    /// The limit of decimal digits in conversions between int and str; 0 is no limit.
    pub fn int_max_str_digits(&self) -> usize {
        self.native.int_max_str_digits
    }

    /// The int that a float is cut off to.
    pub fn float_to_int(&mut self, value: &Value) -> R {
        let x = value.as_float().unwrap_or(0.0);
        self.f64_to_int(x.trunc())
    }

    /// The int of a float without fraction.
    pub fn f64_to_int(&mut self, x: f64) -> R {
        if x.is_nan() {
            return Err(self.value_error("cannot convert float NaN to integer"));
        }
        if x.is_infinite() {
            return Err(self.overflow_error("cannot convert float infinity to integer"));
        }
        if x.abs() < 4e18 {
            return Ok(BigInt::from_i64(&self.heap, x as i64));
        }
        let (m, e) = integer_ratio(x);
        let big = if e >= 0 { IBig::from(m) << e as usize } else { IBig::from(m) >> (-e) as usize };
        Ok(BigInt::value(&self.heap, big))
    }

    /// The int of a literal; `shown` is the object whose repr the error names.
    pub fn parse_int_text(&mut self, text: &str, base: u32, shown: &Value) -> R {
        match number_text::parse_int(text, base, self.int_max_str_digits()) {
            Ok(i) => Ok(BigInt::value(&self.heap, i)),
            Err(IntTextError::TooLong { limit, digits }) => {
                Err(self.value_error(IntTextError::too_long_text(limit, digits)))
            }
            Err(IntTextError::Invalid) => {
                let shown = self.repr(shown)?;
                let shown = cut(&shown, 200);
                Err(self.value_error(format!("invalid literal for int() with base {base}: {shown}")))
            }
        }
    }

    /// `int(x)`: an exact int.
    pub fn int_of(&mut self, x: &Value) -> R {
        if x.as_small_int().is_some() || x.class(&self.heap).is(&self.types().int) {
            return Ok(x.clone());
        }
        let heap_class = x.class(&self.heap).has(crate::object::types::type_flags::HEAP);
        if let Some(i) = x.as_int()
            && !heap_class
        {
            let big = i.to_big();
            return Ok(BigInt::value(&self.heap, big));
        }
        if x.as_float().is_some() && !heap_class {
            return self.float_to_int(x);
        }
        if let Some(s) = x.downcast::<Str>()
            && !heap_class
            && let Some(i) = s.as_ascii().and_then(number_text::parse_word)
        {
            return Ok(BigInt::from_i64(&self.heap, i));
        }
        let names = &self.types().names;
        let (to_int, to_index) = (names.__int__.clone(), names.__index__.clone());
        for (name, label) in [(&to_int, "__int__"), (&to_index, "__index__")] {
            if x.class(&self.heap).lookup(name).is_none() {
                continue;
            }
            if let Some(v) = self.call_special(x, name, &[])? {
                if let Some(i) = v.as_int() {
                    let exact = BigInt::value(&self.heap, i.to_big());
                    self.warn_of_subclass(&v, label, &self.types().int.clone())?;
                    return Ok(exact);
                }
                let got = v.class(&self.heap).name_str();
                return Err(self.type_error(format!("{label} returned non-int (type {got})")));
            }
        }
        if let Some(s) = x.downcast::<Str>() {
            let text = number_text::ascii_of_points(s.points());
            return self.parse_int_text(&text, 10, x);
        }
        if let Some(data) = self.bytes_of(x)? {
            let text = number_text::ascii_of_bytes(&data);
            let shown = Bytes::new(&self.heap, data.into_owned()).into();
            return self.parse_int_text(&text, 10, &shown);
        }
        let class = x.class(&self.heap).name_str();
        Err(self.type_error(format!(
            "int() argument must be a string, a bytes-like object or a real number, not '{class}'"
        )))
    }

    /// The float of an object with `__float__` or `__index__`; None for others.
    pub fn float_of_object(&mut self, x: &Value) -> R<Option<f64>> {
        let heap_class = x.class(&self.heap).has(crate::object::types::type_flags::HEAP);
        if !heap_class && let Some(f) = self.number_as_float(x)? {
            return Ok(Some(f));
        }
        let names = &self.types().names;
        let (to_float, to_index) = (names.__float__.clone(), names.__index__.clone());
        if x.class(&self.heap).lookup(&to_float).is_some()
            && let Some(v) = self.call_special(x, &to_float, &[])?
        {
            if let Some(f) = v.as_float() {
                let method = format!("{}.__float__", x.class(&self.heap).name_str());
                self.warn_of_subclass(&v, &method, &self.types().float.clone())?;
                return Ok(Some(f));
            }
            let (class, got) = (x.class(&self.heap).name_str(), v.class(&self.heap).name_str());
            return Err(self.type_error(format!("{class}.__float__ returned non-float (type {got})")));
        }
        if x.class(&self.heap).lookup(&to_index).is_some() {
            let i = self.index(x)?;
            return self.number_as_float(&i);
        }
        Ok(None)
    }

    /// `float(x)`: an exact float.
    pub fn float_of(&mut self, x: &Value) -> R {
        if let Some(f) = self.float_of_object(x)? {
            return Ok(Float::value(&self.heap, f));
        }
        let text = if let Some(s) = x.downcast::<Str>() {
            number_text::ascii_of_points(s.points())
        } else if let Some(data) = self.bytes_of(x)? {
            number_text::ascii_of_bytes(&data)
        } else {
            let class = x.class(&self.heap).name_str();
            return Err(self.type_error(format!("float() argument must be a string or a real number, not '{class}'")));
        };
        match number_text::parse_float(&text) {
            Some(f) => Ok(Float::value(&self.heap, f)),
            None => {
                let shown = self.repr(x)?;
                let shown = cut(&shown, 200);
                Err(self.value_error(format!("could not convert string to float: {shown}")))
            }
        }
    }
}

/// The first `n` code points, as `%.200R` cuts.
fn cut(s: &Str, n: usize) -> String {
    s.to_string_lossy().chars().take(n).collect()
}
