//! `format()`: the format-spec mini language for the built-in types; templates of `str.format`; `%` of str and bytes.

mod number;
mod percent;
mod spec;
mod template;
mod text;

use crate::object::function::Native;
use crate::object::header::Ref;
use crate::object::number_text::Decimal;
use crate::object::str::{Str, StrBuilder};
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::vm::{Exc, R, Vm};

pub use number::{format_complex, format_float, format_int};
pub use spec::{FormatError, FormatSpec};
pub use template::Fields;
pub use text::format_str;

impl Vm {
    /// `format(value, spec)`.
    pub fn format(&mut self, value: &Value, spec: &Ref<Str>) -> R<Ref<Str>> {
        let class = value.class(&self.heap).clone();
        let name = self.types().names.__format__.clone();
        let direct = !class.has(type_flags::HEAP) && direct_kind(value)
            || class.lookup(&name).as_ref().and_then(|f| f.downcast::<Native>()).is_some_and(|n| {
                n.is_named(&name)
                    && (n.owner.as_ref().is_some_and(|o| o.is(&self.types().object)) || direct_kind(value))
            });
        if direct {
            return self.format_direct(value, spec);
        }
        let Some(method) = self.lookup_special(value, &name)? else { return self.format_direct(value, spec) };
        match self.call(&method, &[value.clone(), spec.to_value()])?.downcast_owned::<Str>() {
            Ok(s) => Ok(s),
            Err(v) => {
                let got = v.class(&self.heap).name_str();
                Err(self.type_error(format!("__format__ must return a str, not {got}")))
            }
        }
    }

    /// `format(value)`.
    pub fn format_plain(&mut self, value: &Value) -> R<Ref<Str>> {
        if direct_kind(value) && !value.class(&self.heap).has(type_flags::HEAP) {
            return self.str(value);
        }
        let spec = Str::new(&self.heap, "");
        self.format(value, &spec)
    }

    /// Appends a str or int of a machine word as `str` has it; false, and nothing done, for others.
    #[inline]
    pub(super) fn push_plainly(&self, value: &Value, out: &mut StrBuilder) -> bool {
        if let Some(i) = value.as_small_int() {
            out.push_str(Decimal::new(i).as_str());
            return true;
        }
        match value.downcast::<Str>().filter(|s| s.ty().is(&self.types().str)) {
            Some(s) => {
                out.push_ref(s);
                true
            }
            None => false,
        }
    }

    /// `__format__` of the built-in class of this kind.
    pub fn format_direct(&mut self, value: &Value, spec: &Ref<Str>) -> R<Ref<Str>> {
        if spec.is_empty() {
            return self.str(value);
        }
        if !direct_kind(value) {
            let class = value.class(&self.heap).name_str();
            return Err(self.type_error(format!("unsupported format string passed to {class}.__format__")));
        }
        // For messages.
        let types = self.types();
        let class: std::borrow::Cow<'_, str> = match value.class(&self.heap) {
            c if c.is(&types.int) => "int".into(),
            c if c.is(&types.float) => "float".into(),
            c if c.is(&types.str) => "str".into(),
            c => c.name_str().into(),
        };
        let is_str = value.downcast::<Str>().is_some();
        let parsed = FormatSpec::parse(spec, !is_str, &class).map_err(|e| self.format_error(e))?;
        // A precision that is too big is refused by who would need the memory.
        let precision = parsed.precision.filter(|&p| p <= i32::MAX as usize).unwrap_or(0);
        let units = parsed.width.saturating_add(precision);
        if units > 4096 && !(is_str && parsed.width <= 4096) {
            self.check_memory(units.checked_mul(4))?;
        }
        let mut out = StrBuilder::new();
        let done = if let Some(s) = value.downcast::<Str>() {
            format_str(&mut out, s, &parsed, &class)
        } else if let Some(x) = value.as_float() {
            format_float(&mut out, x, &parsed, &class)
        } else if let Some(z) = value.as_complex() {
            format_complex(&mut out, z, &parsed)
        } else if let Some(i) = value.as_int() {
            if parsed.is_float_type() {
                let x = self.int_as_float(&i)?;
                format_float(&mut out, x, &parsed, &class)
            } else {
                let limit = self.int_max_str_digits();
                if let Some(i) = value.as_small_int()
                    && number::format_small_int(&mut out, i, &parsed)
                {
                    return Ok(out.finish(&self.heap));
                }
                format_int(&mut out, &i.to_big(), &parsed, &class, limit)
            }
        } else {
            Ok(())
        };
        done.map_err(|e| self.format_error(e))?;
        Ok(out.finish(&self.heap))
    }

    /// The exception of an error of the mini language.
    #[cold]
    pub fn format_error(&mut self, e: FormatError) -> Exc {
        match e {
            FormatError::Value(text) => self.value_error(text),
            FormatError::Overflow(text) => self.overflow_error(text),
        }
    }
}

fn direct_kind(v: &Value) -> bool {
    v.as_int().is_some() || v.as_float().is_some() || v.downcast::<Str>().is_some() || v.as_complex().is_some()
}
