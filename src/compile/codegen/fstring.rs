//! f-strings and t-strings.

use ruff_python_ast::{
    ConversionFlag, ExprFString, ExprTString, FStringPart, InterpolatedElement, InterpolatedStringElement,
};

use super::*;
use crate::code::constant::Text;
use crate::compile::literal;

/// A part of an f-string: adjacent literals are one.
pub(super) enum Piece<'a> {
    Literal(Text, TextRange),
    Field(&'a InterpolatedElement),
}

fn add_literal<'a>(pieces: &mut Vec<Piece<'a>>, text: Text, range: TextRange) {
    if text.is_empty() {
        return;
    }
    if let Some(Piece::Literal(last, at)) = pieces.last_mut() {
        *last = last.concat(&text);
        *at = TextRange::new(at.start(), range.end());
    } else {
        pieces.push(Piece::Literal(text, range));
    }
}

impl<'a> Codegen<'a> {
    fn elements(&self, pieces: &mut Vec<Piece<'a>>, elements: &'a [InterpolatedStringElement], debug: bool) {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(l) => {
                    add_literal(pieces, literal::element_text(self.source_of(l.range), &l.value), l.range);
                }
                InterpolatedStringElement::Interpolation(field) => {
                    if let (true, Some(text)) = (debug, &field.debug_text) {
                        let start = field.range.start() + TextSize::new(1);
                        let range = TextRange::at(start, TextSize::of(text.as_str()));
                        add_literal(pieces, Text::from(text.as_str()), range);
                    }
                    pieces.push(Piece::Field(field));
                }
            }
        }
    }

    pub(super) fn fstring(&mut self, fstring: &'a ExprFString, loc: Loc) -> Done {
        let mut pieces = Vec::new();
        for part in fstring.value.iter() {
            match part {
                FStringPart::Literal(l) => {
                    add_literal(&mut pieces, literal::text(self.source_of(l.range), &l.value), l.range);
                }
                FStringPart::FString(string) => self.elements(&mut pieces, &string.elements, true),
            }
        }
        self.pieces(&pieces, loc)
    }

    fn pieces(&mut self, pieces: &[Piece<'a>], loc: Loc) -> Done {
        if pieces.len() > STACK_GUIDELINE {
            self.load_const(Const::from(""), loc);
            let join = self.name_index("join");
            self.emit(Op::LOAD_ATTR, join << 1 | 1, loc);
            self.emit(Op::BUILD_LIST, 0, loc);
            for piece in pieces {
                self.piece(piece)?;
                self.emit(Op::LIST_APPEND, 1, loc);
            }
            self.emit(Op::CALL, 1, loc);
            return Ok(());
        }
        pieces.iter().try_for_each(|piece| self.piece(piece))?;
        match pieces.len() {
            0 => self.load_const(Const::from(""), loc),
            1 => {}
            n => self.emit(Op::BUILD_STRING, n as u32, loc),
        }
        Ok(())
    }

    fn piece(&mut self, piece: &Piece<'a>) -> Done {
        match piece {
            Piece::Literal(text, range) => {
                let loc = self.loc(*range);
                self.load_const(Const::Str(text.clone()), loc);
                Ok(())
            }
            Piece::Field(field) => self.nest(|codegen| codegen.field(field)),
        }
    }

    fn field(&mut self, field: &'a InterpolatedElement) -> Done {
        let loc = self.loc(field.range);
        self.expr(&field.expression)?;
        match conversion(field) {
            0 => {}
            number => self.emit(Op::CONVERT_VALUE, number, loc),
        }
        match &field.format_spec {
            None => self.emit(Op::FORMAT_SIMPLE, 0, loc),
            Some(spec) => {
                let mut pieces = Vec::new();
                self.elements(&mut pieces, &spec.elements, true);
                let at = self.loc(spec_range(spec.range));
                self.pieces(&pieces, at)?;
                self.emit(Op::FORMAT_WITH_SPEC, 0, loc);
            }
        }
        Ok(())
    }

    /// A t-string: a tuple of its literals and a tuple of its interpolations, which alternate.
    pub(super) fn tstring(&mut self, tstring: &'a ExprTString, loc: Loc) -> Done {
        let mut pieces = Vec::new();
        for part in tstring.value.iter() {
            self.elements(&mut pieces, &part.elements, true);
        }
        let mut strings = vec![Text::from("")];
        let mut fields = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Literal(text, _) => {
                    if let Some(last) = strings.last_mut() {
                        *last = last.concat(&text);
                    }
                }
                Piece::Field(field) => {
                    fields.push(field);
                    strings.push(Text::from(""));
                }
            }
        }
        self.load_const(Const::Tuple(strings.into_iter().map(Const::Str).collect()), loc);
        for field in &fields {
            self.interpolation(field)?;
        }
        self.emit(Op::BUILD_TUPLE, fields.len() as u32, loc);
        self.emit(Op::BUILD_TEMPLATE, 0, loc);
        Ok(())
    }

    fn interpolation(&mut self, field: &'a InterpolatedElement) -> Done {
        let loc = self.loc(field.range);
        self.expr(&field.expression)?;
        let text = self.source.said(field.expression.range());
        self.load_const(Const::from(text), loc);
        let number = conversion(field);
        if let Some(spec) = &field.format_spec {
            let mut pieces = Vec::new();
            self.elements(&mut pieces, &spec.elements, true);
            let at = self.loc(spec_range(spec.range));
            self.pieces(&pieces, at)?;
        }
        self.emit(Op::BUILD_INTERPOLATION, number << 2 | u32::from(field.format_spec.is_some()), loc);
        Ok(())
    }
}

/// CONVERT_VALUE's operand; 0 for no conversion.  `{x=}` without a format means `{x=!r}`.
fn conversion(field: &InterpolatedElement) -> u32 {
    match field.conversion {
        ConversionFlag::Str => 1,
        ConversionFlag::Repr => 2,
        ConversionFlag::Ascii => 3,
        ConversionFlag::None if field.debug_text.is_some() && field.format_spec.is_none() => 2,
        ConversionFlag::None => 0,
    }
}

/// A format specification with its colon, as CPython locates it.
fn spec_range(range: TextRange) -> TextRange {
    TextRange::new(range.start().checked_sub(TextSize::new(1)).unwrap_or_default(), range.end())
}
