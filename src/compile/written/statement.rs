//! Statements, each on lines of its own.

use super::expression::{TEST, augmented};
use super::{Done, Field, Node, Unwritable, Writer, child};

impl Writer {
    pub(super) fn statement(&mut self, n: &Node) -> Done {
        self.decorators(n)?;
        self.margin();
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.within(n, |w| w.statement_itself(n)))?;
        self.put("\n");
        Ok(())
    }

    fn margin(&mut self) {
        self.text.extend(std::iter::repeat_n(' ', self.indent));
    }

    fn decorators(&mut self, n: &Node) -> Done {
        for decorator in n.field("decorator_list").nodes() {
            self.margin();
            self.begin(decorator.start().map(|(line, column)| (line, column.saturating_sub(1))));
            self.put("@");
            self.expr(decorator, TEST, None)?;
            self.put("\n");
        }
        Ok(())
    }

    /// A suite behind what begins it; the last line is not ended.
    fn suite(&mut self, n: &Node, field: &str) -> Done {
        self.put(":\n");
        self.indent += 1;
        for s in n.field(field).nodes() {
            self.statement(s)?;
        }
        self.indent -= 1;
        if n.field(field).items().is_empty() {
            return Err(Unwritable::Invalid(format!("empty {field} on {}", n.kind)));
        }
        self.text.pop();
        Ok(())
    }

    /// A clause of a compound statement, where it has one.
    fn clause(&mut self, n: &Node, keyword: &str, field: &str) -> Done {
        if n.field(field).items().is_empty() {
            return Ok(());
        }
        self.put("\n");
        self.margin();
        self.put(keyword);
        self.suite(n, field)
    }

    fn optional(&mut self, n: &Node, before: &str, field: &str, ends: bool) -> Done {
        match n.field(field).node() {
            Some(e) => {
                self.put(before);
                self.expr(e, TEST, Some((n, false, ends)))
            }
            None => Ok(()),
        }
    }

    fn statement_itself(&mut self, n: &Node) -> Done {
        let whole = Some((n, true, true));
        match n.kind.as_str() {
            "FunctionDef" | "AsyncFunctionDef" => {
                self.put(if n.kind == "FunctionDef" { "def " } else { "async def " });
                self.name(n, "name")?;
                self.type_params(n)?;
                self.put("(");
                self.parameters(child(n, "args")?)?;
                self.put(")");
                self.optional(n, " -> ", "returns", false)?;
                self.suite(n, "body")?;
            }
            "ClassDef" => {
                self.put("class ");
                self.name(n, "name")?;
                self.type_params(n)?;
                if !n.field("bases").items().is_empty() || !n.field("keywords").items().is_empty() {
                    self.put("(");
                    self.arguments(n, "bases")?;
                    self.put(")");
                }
                self.suite(n, "body")?;
            }
            "Return" => {
                self.put("return");
                self.optional(n, " ", "value", true)?;
            }
            "Delete" => {
                self.put("del ");
                let count = n.field("targets").items().len();
                self.commas(n.field("targets").nodes().enumerate(), |w, (i, target)| {
                    w.expr(target, TEST, Some((n, false, i + 1 == count)))
                })?;
            }
            "Assign" => {
                for (i, target) in n.field("targets").nodes().enumerate() {
                    self.expr(target, TEST, Some((n, i == 0, false)))?;
                    self.put(" = ");
                }
                self.expr(child(n, "value")?, TEST, Some((n, false, true)))?;
            }
            "TypeAlias" => {
                self.put("type ");
                self.expr(child(n, "name")?, TEST, None)?;
                self.type_params(n)?;
                self.optional(n, " = ", "value", true)?;
            }
            "AugAssign" => {
                self.expr(child(n, "target")?, TEST, Some((n, true, false)))?;
                self.put(" ");
                self.put(augmented(child(n, "op")?));
                self.put("= ");
                self.expr(child(n, "value")?, TEST, Some((n, false, true)))?;
            }
            "AnnAssign" => {
                let target = child(n, "target")?;
                // A name in brackets is no variable of the annotation.
                let bracketed = target.kind == "Name" && n.field("simple").int() == 0;
                let least = if bracketed { u8::MAX } else { TEST };
                self.expr(target, least, Some((n, true, false)))?;
                let has_value = n.field("value").node().is_some();
                self.optional(n, ": ", "annotation", !has_value)?;
                self.optional(n, " = ", "value", true)?;
            }
            "For" | "AsyncFor" => {
                self.put(if n.kind == "For" { "for " } else { "async for " });
                self.expr(child(n, "target")?, TEST, None)?;
                self.optional(n, " in ", "iter", false)?;
                self.suite(n, "body")?;
                self.clause(n, "else", "orelse")?;
            }
            "While" => {
                self.optional(n, "while ", "test", false)?;
                self.suite(n, "body")?;
                self.clause(n, "else", "orelse")?;
            }
            "If" => self.if_statement(n)?,
            "With" | "AsyncWith" => {
                self.put(if n.kind == "With" { "with " } else { "async with " });
                self.commas(n.field("items").nodes(), |w, item| {
                    // Without these, a tuple would be several items.
                    w.put("(");
                    w.expr(child(item, "context_expr")?, TEST, None)?;
                    w.put(")");
                    match item.field("optional_vars").node() {
                        Some(target) => {
                            w.put(" as ");
                            w.expr(target, TEST, None)
                        }
                        None => Ok(()),
                    }
                })?;
                self.suite(n, "body")?;
            }
            "Match" => self.match_statement(n)?,
            "Raise" => {
                self.put("raise");
                let has_cause = n.field("cause").node().is_some();
                self.optional(n, " ", "exc", !has_cause)?;
                self.optional(n, " from ", "cause", true)?;
            }
            "Try" | "TryStar" => self.try_statement(n)?,
            "Assert" => {
                let has_message = n.field("msg").node().is_some();
                self.optional(n, "assert ", "test", !has_message)?;
                self.optional(n, ", ", "msg", true)?;
            }
            "Import" => {
                self.put("import ");
                self.commas(n.field("names").nodes(), Writer::alias)?;
            }
            "ImportFrom" => {
                self.put("from ");
                let level = n.field("level").int();
                if level < 0 {
                    return Err(Unwritable::Invalid("Negative ImportFrom level".to_owned()));
                }
                self.text.extend(std::iter::repeat_n('.', level.min(1 << 16) as usize));
                if let Some(module) = n.field("module").text() {
                    self.dotted(module)?;
                }
                self.put(" import ");
                self.commas(n.field("names").nodes(), Writer::alias)?;
            }
            "Global" | "Nonlocal" => {
                self.put(if n.kind == "Global" { "global " } else { "nonlocal " });
                self.commas(n.field("names").items().iter().filter_map(Field::text), Writer::identifier)?;
            }
            "Expr" => self.expr(child(n, "value")?, TEST, whole)?,
            "Pass" => self.put("pass"),
            "Break" => self.put("break"),
            "Continue" => self.put("continue"),
            other => return Err(Unwritable::Invalid(format!("unexpected statement {other}"))),
        }
        Ok(())
    }

    /// `if`, and what is alone in the other branch as `elif`, whose nodes do not nest in the text.
    fn if_statement(&mut self, n: &Node) -> Done {
        self.put("if ");
        let mut clause = n;
        loop {
            self.expr(child(clause, "test")?, TEST, None)?;
            self.suite(clause, "body")?;
            let Field::List(orelse) = clause.field("orelse") else { return Ok(()) };
            match orelse.as_slice() {
                [Field::Node(next)] if next.kind == "If" => {
                    self.put("\n");
                    self.margin();
                    self.begin(next.start());
                    self.put("elif ");
                    clause = next;
                }
                _ => return self.clause(clause, "else", "orelse"),
            }
        }
    }

    fn match_statement(&mut self, n: &Node) -> Done {
        self.put("match (");
        self.expr(child(n, "subject")?, TEST, None)?;
        self.put("):");
        self.indent += 1;
        for case in n.field("cases").nodes() {
            self.put("\n");
            self.margin();
            self.put("case ");
            self.pattern(child(case, "pattern")?, false, None)?;
            if let Some(guard) = case.field("guard").node() {
                self.put(" if ");
                self.expr(guard, TEST, None)?;
            }
            self.suite(case, "body")?;
        }
        self.indent -= 1;
        Ok(())
    }

    fn try_statement(&mut self, n: &Node) -> Done {
        self.put("try");
        self.suite(n, "body")?;
        for handler in n.field("handlers").nodes() {
            self.put("\n");
            self.margin();
            self.within(handler, |w| {
                w.put(if n.kind == "TryStar" { "except* " } else { "except " });
                if let Some(class) = handler.field("type").node() {
                    w.expr(class, TEST, None)?;
                }
                if let Some(name) = handler.field("name").text() {
                    w.put(" as ");
                    w.identifier(name)?;
                }
                w.suite(handler, "body")
            })?;
        }
        self.clause(n, "else", "orelse")?;
        self.clause(n, "finally", "finalbody")
    }

    fn alias(&mut self, n: &Node) -> Done {
        self.within(n, |w| {
            match n.field("name").text() {
                Some("*") => w.put("*"),
                Some(name) => w.dotted(name)?,
                None => return Err(super::missing("name", n)),
            }
            match n.field("asname").text() {
                Some(name) => {
                    w.put(" as ");
                    w.identifier(name)
                }
                None => Ok(()),
            }
        })
    }

    fn type_params(&mut self, n: &Node) -> Done {
        if n.field("type_params").items().is_empty() {
            return Ok(());
        }
        self.put("[");
        self.commas(n.field("type_params").nodes(), |w, p| {
            w.within(p, |w| {
                w.put(match p.kind.as_str() {
                    "ParamSpec" => "**",
                    "TypeVarTuple" => "*",
                    _ => "",
                });
                w.name(p, "name")?;
                let has_default = p.field("default_value").node().is_some();
                w.optional(p, ": ", "bound", !has_default)?;
                w.optional(p, " = ", "default_value", true)
            })
        })?;
        self.put("]");
        Ok(())
    }

    /// The parameters of a function or lambda.
    pub(super) fn parameters(&mut self, n: &Node) -> Done {
        let (only, plain) = (n.field("posonlyargs").items().len(), n.field("args").items().len());
        let defaults = n.field("defaults").items();
        let Some(without) = (only + plain).checked_sub(defaults.len()) else {
            return Err(Unwritable::Invalid("more positional defaults than args on arguments".to_owned()));
        };
        let mut first = true;
        let mut comma = |w: &mut Writer| {
            if !std::mem::take(&mut first) {
                w.put(", ");
            }
        };
        let positional = n.field("posonlyargs").nodes().chain(n.field("args").nodes());
        for (i, parameter) in positional.enumerate() {
            comma(self);
            let default = i.checked_sub(without).and_then(|i| defaults.get(i)).and_then(Field::node);
            self.parameter(parameter, default)?;
            if i + 1 == only {
                self.put(", /");
            }
        }
        let kwonly = n.field("kwonlyargs").items();
        match n.field("vararg").node() {
            Some(vararg) => {
                comma(self);
                self.put("*");
                self.parameter(vararg, None)?;
            }
            None if !kwonly.is_empty() => {
                comma(self);
                self.put("*");
            }
            None => {}
        }
        for (parameter, default) in n.field("kwonlyargs").nodes().zip(n.field("kw_defaults").items()) {
            comma(self);
            self.parameter(parameter, default.node())?;
        }
        if let Some(kwarg) = n.field("kwarg").node() {
            comma(self);
            self.put("**");
            self.parameter(kwarg, None)?;
        }
        Ok(())
    }

    fn parameter(&mut self, n: &Node, default: Option<&Node>) -> Done {
        self.within(n, |w| {
            w.name(n, "arg")?;
            w.optional(n, ": ", "annotation", true)
        })?;
        if let Some(default) = default {
            self.put(" = ");
            self.expr(default, TEST, None)?;
        }
        Ok(())
    }
}
