//! Template strings (PEP 750): the objects that BUILD_TEMPLATE and BUILD_INTERPOLATION make.

use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::Vm;

/// The data of `string.templatelib.Template`: `strings` are one more than `interpolations`, around and between them.
pub struct Template {
    pub strings: Value,
    pub interpolations: Value,
}

opaque_data!(Template { strings, interpolations });

/// The data of `string.templatelib.Interpolation`.
pub struct Interpolation {
    pub value: Value,
    pub expression: Value,
    /// None, or `'a'`, `'r'`, `'s'`.
    pub conversion: Value,
    pub format_spec: Value,
}

opaque_data!(Interpolation { value, expression, conversion, format_spec });

impl Vm {
    /// BUILD_INTERPOLATION of value, text and perhaps format; `conversion` as CONVERT_VALUE has it, 0 for none.
    pub(super) fn build_interpolation(&mut self, parts: Vec<Value>, conversion: u8) -> Value {
        let mut parts = parts.into_iter();
        let mut part = || parts.next();
        let (value, expression, format) = (part(), part(), part());
        let conversion = match conversion {
            1 => self.intern("s").to_value(),
            2 => self.intern("r").to_value(),
            3 => self.intern("a").to_value(),
            _ => Value::NONE,
        };
        let data = Interpolation {
            value: value.unwrap_or(Value::NONE),
            expression: expression.unwrap_or(Value::NONE),
            conversion,
            format_spec: format.unwrap_or_else(|| self.intern("").to_value()),
        };
        self.new_opaque(&self.types().interpolation, data)
    }

    /// BUILD_TEMPLATE of the tuples of strings and interpolations.
    pub fn build_template(&mut self, strings: Value, interpolations: Value) -> Value {
        self.new_opaque(&self.types().template, Template { strings, interpolations })
    }
}
