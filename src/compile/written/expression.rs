//! Expressions.

use super::{Done, Field, Node, Unwritable, Writer, child};
use crate::code::constant::Const;

/// How tight an operator binds: what an expression must have at least to stand in a place without brackets.
pub(super) type Level = u8;
const NAMED: Level = 0;
const YIELD: Level = 1;
/// What may stand in most places: a conditional or a lambda.
pub(super) const TEST: Level = 2;
const OR: Level = 3;
const AND: Level = 4;
const NOT: Level = 5;
const COMPARE: Level = 6;
const BIT_OR: Level = 7;
const ARITHMETIC: Level = 11;
const UNARY: Level = 13;
const POWER: Level = 14;
const AWAIT: Level = 15;
pub(super) const ATOM: Level = 16;

/// The node around one, and whether it begins or ends where that does.
pub(super) type Around<'a> = Option<(&'a Node, bool, bool)>;

fn binary(op: &str) -> Option<(Level, &'static str)> {
    Some(match op {
        "BitOr" => (BIT_OR, " | "),
        "BitXor" => (8, " ^ "),
        "BitAnd" => (9, " & "),
        "LShift" => (10, " << "),
        "RShift" => (10, " >> "),
        "Add" => (ARITHMETIC, " + "),
        "Sub" => (ARITHMETIC, " - "),
        "Mult" => (12, " * "),
        "MatMult" => (12, " @ "),
        "Div" => (12, " / "),
        "Mod" => (12, " % "),
        "FloorDiv" => (12, " // "),
        "Pow" => (POWER, " ** "),
        _ => return None,
    })
}

/// The sign of an operator in front of `=`.
pub(super) fn augmented(op: &Node) -> &'static str {
    binary(&op.kind).map_or("", |(_, sign)| sign.trim())
}

fn comparison(op: &str) -> &'static str {
    match op {
        "Eq" => " == ",
        "NotEq" => " != ",
        "Lt" => " < ",
        "LtE" => " <= ",
        "Gt" => " > ",
        "GtE" => " >= ",
        "Is" => " is ",
        "IsNot" => " is not ",
        "In" => " in ",
        _ => " not in ",
    }
}

fn level(node: &Node) -> Level {
    match node.kind.as_str() {
        "NamedExpr" => NAMED,
        "Yield" | "YieldFrom" => YIELD,
        "IfExp" | "Lambda" => TEST,
        "BoolOp" => match node.field("op").node() {
            Some(op) if op.kind == "And" => AND,
            _ => OR,
        },
        "UnaryOp" => match node.field("op").node() {
            Some(op) if op.kind == "Not" => NOT,
            _ => UNARY,
        },
        "Compare" => COMPARE,
        "BinOp" => node.field("op").node().and_then(|op| binary(&op.kind)).map_or(ATOM, |(level, _)| level),
        "Await" => AWAIT,
        "Constant" => match node.field("value").constant() {
            Some(Const::Complex { re, .. }) if re.to_bits() != 0 => ARITHMETIC,
            Some(Const::Int(n)) if *n < dashu_int::IBig::ZERO => UNARY,
            Some(Const::Float(x) | Const::Complex { im: x, .. }) if x.is_sign_negative() => UNARY,
            _ => ATOM,
        },
        _ => ATOM,
    }
}

impl Writer {
    /// An expression that binds at least as tight as `least`, or in brackets.
    pub(super) fn expr(&mut self, node: &Node, least: Level, around: Around<'_>) -> Done {
        // What starts with a star has no brackets.
        let moved = around.is_some_and(|(outer, starts, ends)| {
            starts && outer.start() != node.start() || ends && outer.end() != node.end()
        });
        let bracketed = (level(node) < least || moved) && !matches!(node.kind.as_str(), "Starred" | "Slice");
        if bracketed {
            self.put("(");
        }
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.within(node, |w| w.expression(node)))?;
        if bracketed {
            self.put(")");
        }
        Ok(())
    }

    pub(super) fn exprs<'a>(&mut self, items: impl IntoIterator<Item = &'a Node>) -> Done {
        self.commas(items, |w, e| w.expr(e, TEST, None))
    }

    fn expression(&mut self, n: &Node) -> Done {
        let nodes = |field: &str| n.field(field).items().iter().filter_map(Field::node);
        match n.kind.as_str() {
            "BoolOp" => {
                let (own, values) = (level(n), n.field("values").items());
                for (i, value) in nodes("values").enumerate() {
                    if i > 0 {
                        self.put(if own == AND { " and " } else { " or " });
                    }
                    self.expr(value, own + 1, Some((n, i == 0, i + 1 == values.len())))?;
                }
            }
            "NamedExpr" => {
                self.expr(child(n, "target")?, ATOM, None)?;
                self.put(" := ");
                self.expr(child(n, "value")?, TEST, Some((n, false, true)))?;
            }
            "BinOp" => {
                let op = child(n, "op")?;
                let Some((own, sign)) = binary(&op.kind) else {
                    return Err(Unwritable::Invalid("unknown operator".to_owned()));
                };
                let (left, right) = if own == POWER { (own + 1, UNARY) } else { (own, own + 1) };
                self.expr(child(n, "left")?, left, Some((n, true, false)))?;
                self.put(sign);
                self.expr(child(n, "right")?, right, Some((n, false, true)))?;
            }
            "UnaryOp" => {
                self.put(match child(n, "op")?.kind.as_str() {
                    "Not" => "not ",
                    "Invert" => "~",
                    "UAdd" => "+",
                    _ => "-",
                });
                self.expr(child(n, "operand")?, level(n), Some((n, false, true)))?;
            }
            "Lambda" => {
                self.put("lambda ");
                self.parameters(child(n, "args")?)?;
                self.put(": ");
                self.expr(child(n, "body")?, TEST, Some((n, false, true)))?;
            }
            "IfExp" => {
                self.expr(child(n, "body")?, OR, Some((n, true, false)))?;
                self.put(" if ");
                self.expr(child(n, "test")?, OR, None)?;
                self.put(" else ");
                self.expr(child(n, "orelse")?, TEST, Some((n, false, true)))?;
            }
            "Dict" => {
                self.put("{");
                let items = n.field("keys").items().iter().zip(nodes("values"));
                self.commas(items, |w, (key, value)| match key.node() {
                    Some(key) => {
                        w.expr(key, TEST, None)?;
                        w.put(": ");
                        w.expr(value, TEST, None)
                    }
                    None => {
                        w.put("**");
                        w.expr(value, BIT_OR, None)
                    }
                })?;
                self.put("}");
            }
            "Set" if n.field("elts").items().is_empty() => self.put("{*()}"),
            "Set" => {
                self.put("{");
                self.exprs(nodes("elts"))?;
                self.put("}");
            }
            "ListComp" => self.comprehension(n, "[", "]")?,
            "SetComp" | "DictComp" => self.comprehension(n, "{", "}")?,
            "GeneratorExp" => self.comprehension(n, "(", ")")?,
            "Await" => {
                self.put("await ");
                self.expr(child(n, "value")?, ATOM, Some((n, false, true)))?;
            }
            "Yield" => {
                self.put("yield");
                if let Some(value) = n.field("value").node() {
                    self.put(" ");
                    self.expr(value, TEST, Some((n, false, true)))?;
                }
            }
            "YieldFrom" => {
                self.put("yield from ");
                self.expr(child(n, "value")?, TEST, Some((n, false, true)))?;
            }
            "Compare" => {
                self.expr(child(n, "left")?, BIT_OR, Some((n, true, false)))?;
                let count = n.field("ops").items().len();
                for (i, (op, right)) in nodes("ops").zip(nodes("comparators")).enumerate() {
                    self.put(comparison(&op.kind));
                    self.expr(right, BIT_OR, Some((n, false, i + 1 == count)))?;
                }
            }
            "Call" => {
                self.expr(child(n, "func")?, ATOM, Some((n, true, false)))?;
                self.put("(");
                self.arguments(n, "args")?;
                self.put(")");
            }
            "JoinedStr" => {
                self.put("f\"");
                self.parts(n)?;
                self.put("\"");
            }
            "TemplateStr" => {
                self.put("t\"");
                self.parts(n)?;
                self.put("\"");
            }
            "FormattedValue" => {
                self.put("f\"");
                self.replacement(n)?;
                self.put("\"");
            }
            "Constant" => {
                let value = n.field("value").constant().ok_or_else(|| super::missing("value", n))?;
                self.literal(value)?;
            }
            "Attribute" => {
                let value = child(n, "value")?;
                // A point behind digits belongs to the number.
                let number = matches!(value.field("value").constant(), Some(Const::Int(_) | Const::Float(_)));
                self.expr(value, if number { ATOM + 1 } else { ATOM }, Some((n, true, false)))?;
                self.put(".");
                self.name(n, "attr")?;
            }
            "Subscript" => {
                self.expr(child(n, "value")?, ATOM, Some((n, true, false)))?;
                self.put("[");
                let slice = child(n, "slice")?;
                if slice.kind == "Tuple" && slice.field("elts").nodes().any(|e| e.kind == "Slice") {
                    self.within(slice, |w| {
                        w.exprs(slice.field("elts").nodes())?;
                        if slice.field("elts").items().len() == 1 {
                            w.put(",");
                        }
                        Ok(())
                    })?;
                } else {
                    self.expr(slice, TEST, None)?;
                }
                self.put("]");
            }
            "Starred" => {
                self.put("*");
                self.expr(child(n, "value")?, BIT_OR, Some((n, false, true)))?;
            }
            "Name" => self.name(n, "id")?,
            "List" => {
                self.put("[");
                self.exprs(nodes("elts"))?;
                self.put("]");
            }
            "Tuple" => {
                self.put("(");
                for item in nodes("elts") {
                    self.expr(item, TEST, None)?;
                    self.put(", ");
                }
                self.put(")");
            }
            "Slice" => {
                if let Some(lower) = n.field("lower").node() {
                    self.expr(lower, TEST, Some((n, true, false)))?;
                }
                self.put(":");
                let step = n.field("step").node();
                if let Some(upper) = n.field("upper").node() {
                    self.expr(upper, TEST, Some((n, false, step.is_none())))?;
                }
                if let Some(step) = step {
                    self.put(":");
                    self.expr(step, TEST, Some((n, false, true)))?;
                }
            }
            other => return Err(Unwritable::Invalid(format!("unexpected expression {other}"))),
        }
        Ok(())
    }

    fn comprehension(&mut self, n: &Node, open: &str, close: &str) -> Done {
        self.put(open);
        if n.kind == "DictComp" {
            self.expr(child(n, "key")?, TEST, None)?;
            self.put(": ");
            self.expr(child(n, "value")?, TEST, None)?;
        } else {
            self.expr(child(n, "elt")?, TEST, None)?;
        }
        for generator in n.field("generators").nodes() {
            self.put(if generator.field("is_async").int() != 0 { " async for " } else { " for " });
            self.expr(child(generator, "target")?, TEST, None)?;
            self.put(" in ");
            self.expr(child(generator, "iter")?, OR, None)?;
            for test in generator.field("ifs").nodes() {
                self.put(" if ");
                self.expr(test, OR, None)?;
            }
        }
        self.put(close);
        Ok(())
    }

    /// The arguments of a call, or the bases of a class with the keywords.
    pub(super) fn arguments(&mut self, n: &Node, positional: &str) -> Done {
        let all = n.field(positional).nodes().chain(n.field("keywords").nodes());
        self.commas(all, |w, argument| {
            if argument.kind != "keyword" {
                return w.expr(argument, TEST, None);
            }
            w.within(argument, |w| {
                match argument.field("arg").text() {
                    Some(name) => {
                        w.identifier(name)?;
                        w.put("=");
                    }
                    None => w.put("**"),
                }
                w.expr(child(argument, "value")?, TEST, Some((argument, false, true)))
            })
        })
    }

    /// The parts of an f-string, t-string or format specification.
    fn parts(&mut self, n: &Node) -> Done {
        for part in n.field("values").nodes() {
            match part.field("value").constant() {
                Some(Const::Str(text)) if part.kind == "Constant" => {
                    self.within(part, |w| {
                        w.characters(text, '"', true);
                        Ok(())
                    })?;
                }
                None if matches!(part.kind.as_str(), "FormattedValue" | "Interpolation") => {
                    self.within(part, |w| w.replacement(part))?;
                }
                _ => return Err(Unwritable::Invalid(format!("{} in an f-string", part.kind))),
            }
        }
        Ok(())
    }

    fn replacement(&mut self, n: &Node) -> Done {
        // The blank keeps the brace from one of the expression.
        self.put("{ ");
        let value = child(n, "value")?;
        let at = self.text.len();
        self.expr(value, OR, None)?;
        if let Some(Const::Str(text)) = n.field("str").constant() {
            let at = at + usize::from(level(value) < OR);
            self.said.push((at as u32, String::from_utf8_lossy(&utf8(&text.code_points())).into_owned()));
        }
        match n.field("conversion").int() {
            -1 => {}
            c => match u8::try_from(c) {
                Ok(c @ (b's' | b'r' | b'a')) => self.text.extend(['!', char::from(c)]),
                _ => return Err(Unwritable::Invalid(format!("Unrecognized conversion character {c}"))),
            },
        }
        if let Some(spec) = n.field("format_spec").node() {
            self.begin(spec.start());
            self.put(":");
            self.parts(spec)?;
            self.end(spec.end());
        }
        self.put("}");
        Ok(())
    }
}

fn utf8(points: &[u32]) -> Vec<u8> {
    points.iter().map(|&p| char::from_u32(p).unwrap_or('\u{fffd}')).collect::<String>().into_bytes()
}
