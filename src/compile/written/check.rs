//! What every syntax tree of a program keeps, by CPython's words (`PyAST_Validate`).

use super::{Field, Node, Unwritable};
use crate::code::constant::Const;

type Checked = Result<(), Unwritable>;

fn wrong<T>(message: impl Into<String>) -> Result<T, Unwritable> {
    Err(Unwritable::Invalid(message.into()))
}

/// The lists that must not be empty.
const FILLED: [(&str, &[&str]); 4] = [
    ("targets", &["Delete", "Assign"]),
    ("names", &["Import", "ImportFrom", "Global", "Nonlocal"]),
    ("items", &["With", "AsyncWith"]),
    ("cases", &["Match"]),
];

/// Checks a node and what is below it; `context` is how an expression is used.
pub(super) fn check(n: &Node, context: &str) -> Checked {
    stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || {
        node(n, context)?;
        for (name, field) in &n.fields {
            let context = context_of(n, name, context);
            match field {
                Field::Node(child) => check(child, context)?,
                Field::List(items) => {
                    for item in items {
                        match item {
                            Field::Node(child) => check(child, context)?,
                            Field::None if !may_hold_none(&n.kind, name) => {
                                let what = if *name == "body" { "statement" } else { "expression" };
                                return wrong(format!("None disallowed in {what} list"));
                            }
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    })
}

fn may_hold_none(kind: &str, field: &str) -> bool {
    matches!((kind, field), ("Dict", "keys") | ("arguments", "kw_defaults"))
}

/// How a child is used.
fn context_of<'a>(n: &Node, field: &str, own: &'a str) -> &'a str {
    match (n.kind.as_str(), field) {
        ("Delete", "targets") => "Del",
        ("Assign", "targets")
        | ("AugAssign" | "AnnAssign" | "For" | "AsyncFor" | "NamedExpr" | "comprehension", "target")
        | ("withitem", "optional_vars")
        | ("TypeAlias", "name") => "Store",
        ("Starred", "value") | ("List" | "Tuple", "elts") => own,
        _ => "Load",
    }
}

fn node(n: &Node, context: &str) -> Checked {
    let kind = n.kind.as_str();
    let count = |field: &str| n.field(field).items().len();
    let kind_of = |field: &str| n.field(field).node().map_or("", |n| n.kind.as_str());
    if let Some(own) = n.field("ctx").node()
        && own.kind != context
    {
        return wrong(format!("expression must have {context} context but has {} instead", own.kind));
    }
    if context != "Load" && n.field("ctx").node().is_none() {
        return wrong(format!("expression which can't be assigned to in {context} context"));
    }
    if let Some((list, _)) = FILLED.iter().find(|(list, kinds)| kinds.contains(&kind) && count(list) == 0) {
        return wrong(format!("empty {list} on {kind}"));
    }
    let has_body = n.fields.iter().any(|(name, field)| *name == "body" && matches!(field, Field::List(_)));
    if has_body && count("body") == 0 && !matches!(kind, "Module" | "Interactive") {
        return wrong(format!("empty body on {kind}"));
    }
    match kind {
        "BoolOp" if count("values") < 2 => wrong("BoolOp with less than 2 values"),
        "Dict" if count("keys") != count("values") => wrong("Dict doesn't have the same number of keys as values"),
        "ListComp" | "SetComp" | "DictComp" | "GeneratorExp" if count("generators") == 0 => {
            wrong("comprehension with no generators")
        }
        "Compare" if count("comparators") == 0 => wrong("Compare with no comparators"),
        "Compare" if count("comparators") != count("ops") => {
            wrong("Compare has a different number of comparators and operands")
        }
        "Try" | "TryStar" if count("handlers") == 0 && count("finalbody") == 0 => {
            wrong(format!("{kind} has neither except handlers nor finalbody"))
        }
        "Try" | "TryStar" if count("handlers") == 0 && count("orelse") > 0 => {
            wrong(format!("{kind} has orelse but no except handlers"))
        }
        "Raise" if n.field("exc").node().is_none() && n.field("cause").node().is_some() => {
            wrong("Raise with cause but no exception")
        }
        "arguments" if count("defaults") > count("posonlyargs") + count("args") => {
            wrong("more positional defaults than args on arguments")
        }
        "arguments" if count("kw_defaults") != count("kwonlyargs") => {
            wrong("length of kwonlyargs is not the same as kw_defaults on arguments")
        }
        "AnnAssign" if n.field("simple").int() != 0 && kind_of("target") != "Name" => {
            Err(Unwritable::Type("AnnAssign with simple non-Name target".to_owned()))
        }
        "TypeAlias" if kind_of("name") != "Name" => Err(Unwritable::Type("TypeAlias with non-Name name".to_owned())),
        "MatchOr" if count("patterns") < 2 => wrong("MatchOr requires at least 2 patterns"),
        "MatchMapping" if count("keys") != count("patterns") => {
            wrong("MatchMapping doesn't have the same number of keys as patterns")
        }
        "MatchClass" if count("kwd_attrs") != count("kwd_patterns") => {
            wrong("MatchClass doesn't have the same number of keyword attributes as patterns")
        }
        "MatchAs" if n.field("pattern").node().is_some() && n.field("name").text().is_none() => {
            wrong("MatchAs must specify a target name if a pattern is given")
        }
        "MatchValue" => literal_pattern(n.field("value").node()),
        "NamedExpr" if kind_of("target") != "Name" => {
            Err(Unwritable::Type("NamedExpr target must be a Name".to_owned()))
        }
        "MatchSingleton" if !is_singleton(n.field("value")) => {
            wrong("MatchSingleton can only contain True, False and None")
        }
        _ => Ok(()),
    }
}

fn literal_pattern(value: Option<&Node>) -> Checked {
    match value.map(|v| (v.kind.as_str(), v.field("value").constant())) {
        Some(("Constant", Some(Const::None | Const::True | Const::False | Const::Ellipsis | Const::Tuple(_)))) => {
            wrong("unexpected constant inside of a literal pattern")
        }
        Some(("Constant" | "Attribute" | "UnaryOp" | "BinOp" | "JoinedStr", _)) => Ok(()),
        _ => wrong("patterns may only match literals and attribute lookups"),
    }
}

fn is_singleton(field: &Field) -> bool {
    matches!(field.constant(), Some(Const::None | Const::True | Const::False))
}
