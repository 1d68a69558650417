//! `str.format` and `str.format_map`: literal text and replacement fields.

use smallvec::SmallVec;

use super::spec::{FormatError, error, number_at};
use crate::object::header::Ref;
use crate::object::str::{self, Str, StrBuilder};
use crate::object::value::Value;
use crate::vm::{Args, Exc, R, Vm};

/// Where replacement fields take their values from.
#[derive(Clone, Copy)]
pub enum Fields<'a> {
    /// `format(*args, **kwargs)`; a method's receiver is not among them.
    Args(Args<'a>),
    /// `format_map(mapping)`.
    Mapping(&'a Value),
}

/// Numbered fields are all automatic or all written.
#[derive(Clone, Copy, PartialEq)]
enum Numbering {
    Unknown,
    Automatic(usize),
    Manual,
}

/// A replacement field: its parts as ranges of the template.
#[derive(Debug, PartialEq)]
struct Field {
    name: (usize, usize),
    conversion: Option<u32>,
    spec: (usize, usize),
    nested: bool,
}

/// The next literal text (a range) and the field behind it.
type Piece = ((usize, usize), Option<Field>);

/// Reads one piece at `pos`; None at the end.
fn next_piece(t: &[u32], pos: &mut usize, end: usize) -> Result<Option<Piece>, FormatError> {
    let start = *pos;
    if start >= end {
        return Ok(None);
    }
    let (open, close) = ('{' as u32, '}' as u32);
    let mut c = 0;
    let mut markup = false;
    while *pos < end {
        c = t[*pos];
        *pos += 1;
        if c == open || c == close {
            markup = true;
            break;
        }
    }
    let at_end = *pos >= end;
    let mut literal_end = *pos;
    if c == close && (at_end || t[*pos] != c) {
        return error("Single '}' encountered in format string");
    }
    if at_end && c == open {
        return error("Single '{' encountered in format string");
    }
    if !at_end && markup {
        if t[*pos] == c {
            *pos += 1;
            markup = false;
        } else {
            literal_end -= 1;
        }
    }
    let field = if markup { Some(parse_field(t, pos, end)?) } else { None };
    Ok(Some(((start, literal_end), field)))
}

fn parse_field(t: &[u32], pos: &mut usize, end: usize) -> Result<Field, FormatError> {
    let start = *pos;
    let mut c = '\0';
    while *pos < end {
        c = char::from_u32(t[*pos]).unwrap_or('\u{fffd}');
        *pos += 1;
        match c {
            '{' => return error("unexpected '{' in field name"),
            '[' => {
                while *pos < end && t[*pos] != ']' as u32 {
                    *pos += 1;
                }
            }
            '}' | ':' | '!' => break,
            _ => {}
        }
    }
    let mut field = Field { name: (start, *pos - 1), conversion: None, spec: (0, 0), nested: false };
    match c {
        '}' => return Ok(field),
        ':' | '!' => {}
        _ => return error("expected '}' before end of string"),
    }
    if c == '!' {
        if *pos >= end {
            return error("end of string while looking for conversion specifier");
        }
        field.conversion = Some(t[*pos]);
        *pos += 1;
        if *pos < end {
            let c = t[*pos];
            *pos += 1;
            if c == '}' as u32 {
                return Ok(field);
            }
            if c != ':' as u32 {
                return error("expected ':' after conversion specifier");
            }
        }
    }
    let spec_start = *pos;
    let mut depth = 1;
    while *pos < end {
        let c = t[*pos];
        *pos += 1;
        if c == '{' as u32 {
            field.nested = true;
            depth += 1;
        } else if c == '}' as u32 {
            depth -= 1;
            if depth == 0 {
                field.spec = (spec_start, *pos - 1);
                return Ok(field);
            }
        }
    }
    error("unmatched '{' in format spec")
}

/// A part of a field name as an index, where it is written in digits.
fn as_index(points: &[u32]) -> Result<Option<usize>, FormatError> {
    let mut i = 0;
    let n = number_at(points, &mut i)?;
    Ok(n.filter(|_| i == points.len()))
}

struct Expansion<'a> {
    text: &'a Str,
    /// Its code points.
    template: &'a [u32],
    fields: Fields<'a>,
}

impl Vm {
    /// `template.format(...)`.
    pub fn format_template(&mut self, template: &Ref<Str>, fields: Fields<'_>) -> R<Ref<Str>> {
        let points: SmallVec<[u32; 64]> = template.points().collect();
        let mut out = StrBuilder::with_capacity(points.len());
        let mut numbering = Numbering::Unknown;
        let e = Expansion { text: template, template: &points, fields };
        self.expand(&e, (0, points.len()), 2, &mut numbering, &mut out)?;
        Ok(out.finish(&self.heap))
    }

    fn expand(
        &mut self,
        e: &Expansion<'_>,
        (start, end): (usize, usize),
        depth: u32,
        numbering: &mut Numbering,
        out: &mut StrBuilder,
    ) -> R<()> {
        if depth == 0 {
            return Err(self.value_error("Max string recursion exceeded"));
        }
        let mut pos = start;
        while let Some(((from, to), field)) = next_piece(e.template, &mut pos, end).map_err(|x| self.format_error(x))? {
            out.push_slice(e.text, from, to);
            let Some(field) = field else { continue };
            let mut value = self.field_value(e, field.name, numbering)?;
            if let Some(c) = field.conversion {
                value = self.convert(&value, c)?.into();
            }
            if field.spec.0 == field.spec.1 && self.push_plainly(&value, out) {
                self.check_memory(out.len().checked_mul(4))?;
                continue;
            }
            let spec = if field.nested {
                let mut inner = StrBuilder::new();
                self.expand(e, field.spec, depth - 1, numbering, &mut inner)?;
                inner.finish(&self.heap)
            } else {
                str::slice(&self.heap, e.text, field.spec.0, field.spec.1)
            };
            let text = self.format(&value, &spec)?;
            self.check_memory(text.len().checked_mul(4))?;
            out.push_ref(&text);
        }
        Ok(())
    }

    /// `!r`, `!s`, `!a`.
    fn convert(&mut self, value: &Value, conversion: u32) -> R<Ref<Str>> {
        match char::from_u32(conversion) {
            Some('r') => self.repr(value),
            Some('s') => self.str(value),
            Some('a') => self.ascii(value),
            Some(c) if (33..127).contains(&conversion) => {
                Err(self.value_error(format!("Unknown conversion specifier {c}")))
            }
            _ => Err(self.value_error(format!("Unknown conversion specifier \\x{conversion:x}"))),
        }
    }

    fn field_value(&mut self, e: &Expansion<'_>, (start, end): (usize, usize), numbering: &mut Numbering) -> R {
        let name = &e.template[start..end];
        let is_mark = |p: u32| p == '.' as u32 || p == '[' as u32;
        let first_len = name.iter().position(|&p| is_mark(p)).unwrap_or(name.len());
        let first = &name[..first_len];
        let written = as_index(first).map_err(|x| self.format_error(x))?;
        let mut value = if first.is_empty() || written.is_some() {
            let index = self.number_field(numbering, written)?;
            match e.fields {
                Fields::Mapping(_) => return Err(self.value_error("Format string contains positional fields")),
                Fields::Args(args) => match args.pos.get(index) {
                    Some(v) => v.clone(),
                    None => {
                        let text = format!("Replacement index {index} out of range for positional args tuple");
                        return Err(self.index_error(text));
                    }
                },
            }
        } else {
            let key: Value = Str::from_points(&self.heap, first).into();
            match e.fields {
                Fields::Mapping(m) => self.get_item(m, &key)?,
                Fields::Args(args) => {
                    let found = args.names.iter().position(|n| match (n.downcast::<Str>(), key.downcast::<Str>()) {
                        (Some(a), Some(b)) => **a == **b,
                        _ => false,
                    });
                    match found.and_then(|i| args.values.get(i)) {
                        Some(v) => v.clone(),
                        None => return Err(self.key_error(&key)),
                    }
                }
            }
        };
        let mut i = first_len;
        while i < name.len() {
            let mark = name[i];
            i += 1;
            let from = i;
            if mark == '.' as u32 {
                while i < name.len() && !is_mark(name[i]) {
                    i += 1;
                }
                let part = &name[from..i];
                self.check_part(part)?;
                let s = Str::from_points(&self.heap, part);
                let attribute = self.heap.interned.intern(&s);
                value = self.get_attr(&value, &attribute)?;
            } else if mark == '[' as u32 {
                while i < name.len() && name[i] != ']' as u32 {
                    i += 1;
                }
                if i == name.len() {
                    return Err(self.value_error("Missing ']' in format string"));
                }
                let part = &name[from..i];
                i += 1;
                self.check_part(part)?;
                let key = match as_index(part).map_err(|x| self.format_error(x))? {
                    Some(n) => crate::object::number::BigInt::from_i64(&self.heap, n as i64),
                    None => Str::from_points(&self.heap, part).into(),
                };
                value = self.get_item(&value, &key)?;
            } else {
                return Err(self.value_error("Only '.' or '[' may follow ']' in format field specifier"));
            }
        }
        Ok(value)
    }

    fn check_part(&mut self, part: &[u32]) -> R<()> {
        if part.is_empty() { Err(self.value_error("Empty attribute in format string")) } else { Ok(()) }
    }

    /// The index of a numbered field.
    fn number_field(&mut self, numbering: &mut Numbering, written: Option<usize>) -> R<usize> {
        let refuse =
            |vm: &mut Vm, from: &str, to: &str| -> Exc { vm.value_error(format!("cannot switch from {from} to {to}")) };
        let (manual, automatic) = ("manual field specification", "automatic field numbering");
        match (*numbering, written) {
            (Numbering::Manual, None) => Err(refuse(self, manual, automatic)),
            (Numbering::Automatic(_), Some(_)) => Err(refuse(self, automatic, manual)),
            (_, Some(n)) => {
                *numbering = Numbering::Manual;
                Ok(n)
            }
            (Numbering::Automatic(n), None) => {
                *numbering = Numbering::Automatic(n + 1);
                Ok(n)
            }
            (Numbering::Unknown, None) => {
                *numbering = Numbering::Automatic(1);
                Ok(0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Result<Vec<String>, FormatError> {
        let t: Vec<u32> = text.chars().map(u32::from).collect();
        let part = |(a, b): (usize, usize)| t[a..b].iter().filter_map(|&p| char::from_u32(p)).collect::<String>();
        let mut pos = 0;
        let mut all = Vec::new();
        while let Some((literal, field)) = next_piece(&t, &mut pos, t.len())? {
            all.push(part(literal));
            if let Some(f) = field {
                all.push(format!(
                    "{}|{:?}|{}|{}",
                    part(f.name),
                    f.conversion.and_then(char::from_u32),
                    part(f.spec),
                    f.nested
                ));
            }
        }
        Ok(all)
    }

    #[test]
    fn templates_are_cut_into_text_and_fields() {
        let ok = |t: &str| pieces(t).unwrap_or_else(|e| vec![format!("{e:?}")]).join(";");
        assert_eq!(ok("a{}b"), "a;|None||false;b");
        assert_eq!(ok("{{x}}"), "{;x}");
        assert_eq!(ok("{a.b[}]!r:{w}>3}"), ";a.b[}]|Some('r')|{w}>3|true");
        for (t, want) in [
            ("}", "Single '}' encountered in format string"),
            ("{", "Single '{' encountered in format string"),
            ("{a", "expected '}' before end of string"),
            ("{a{", "unexpected '{' in field name"),
            ("{!", "end of string while looking for conversion specifier"),
            ("{!rx}", "expected ':' after conversion specifier"),
            ("{:{}", "unmatched '{' in format spec"),
        ] {
            assert_eq!(pieces(t), Err(FormatError::Value(want.into())), "{t}");
        }
    }
}
