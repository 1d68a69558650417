//! The parts of f-strings and t-strings.

use ruff_python_ast::{InterpolatedElement, InterpolatedStringElement};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::{Builder, Field, constant};
use crate::code::constant::{Const, Text};
use crate::compile::literal;

impl Builder<'_> {
    /// Adds text of an f-string, to what stands before it if that is text.
    pub(super) fn add_text(&self, values: &mut Vec<Field>, text: Text, range: TextRange) {
        if text.is_empty() {
            return;
        }
        if let Some(Field::Node(last)) = values.last_mut()
            && last.kind == "Constant"
            && let Some((_, Field::Constant(Const::Str(before)))) = last.fields.first_mut()
        {
            *before = before.concat(&text);
            let end = self.place(range);
            if let Some(place) = &mut last.place {
                (place[2], place[3]) = (end[2], end[3]);
            }
            return;
        }
        values.push(self.node("Constant", range, constant(Const::Str(text))));
    }

    /// The parts of an f-string, t-string or format specification.
    pub(super) fn elements<'e>(
        &self,
        values: &mut Vec<Field>,
        elements: impl IntoIterator<Item = &'e InterpolatedStringElement>,
        template: bool,
    ) {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(l) => {
                    let text = literal::element_text(self.source_of(l.range), &l.value);
                    self.add_text(values, text, l.range);
                }
                InterpolatedStringElement::Interpolation(i) => {
                    if let Some(debug) = &i.debug_text {
                        let start = i.range.start() + TextSize::new(1);
                        let range = TextRange::at(start, TextSize::of(debug.as_str()));
                        self.add_text(values, Text::from(debug.as_str()), range);
                    }
                    values.push(self.interpolation(i, template));
                }
            }
        }
    }

    pub(super) fn interpolation(&self, i: &InterpolatedElement, template: bool) -> Field {
        // `{x=}` without a format shows the `repr`.
        let repr = i.debug_text.is_some() && i.format_spec.is_none() && i.conversion as i8 == -1;
        let conversion = if repr { i64::from(b'r') } else { i64::from(i.conversion as i8) };
        let spec = match &i.format_spec {
            None => Field::None,
            Some(spec) => {
                let mut values = Vec::new();
                self.elements(&mut values, &spec.elements, false);
                let start = spec.range.start().checked_sub(TextSize::new(1)).unwrap_or_default();
                let range = TextRange::new(start, spec.range.end());
                self.node("JoinedStr", range, vec![("values", Field::List(values))])
            }
        };
        let value = self.expr(&i.expression);
        if !template {
            let fields = vec![("value", value), ("conversion", Field::Int(conversion)), ("format_spec", spec)];
            return self.node("FormattedValue", i.range, fields);
        }
        let text = Const::Str(Text::from(self.source_of(i.expression.range())));
        let fields = vec![
            ("value", value),
            ("str", Field::Constant(text)),
            ("conversion", Field::Int(conversion)),
            ("format_spec", spec),
        ];
        self.node("Interpolation", i.range, fields)
    }
}
