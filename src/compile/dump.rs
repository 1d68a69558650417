//! The stack IR as text, one instruction a line, for tests and for people.

use std::fmt::Write;

use super::ir::{COMPARE_TO_BOOL, Instr, Op, Unit};
use crate::code::CompareOp;
use crate::code::constant::{Const, Text};

/// The unit and, after it, the units in it.
///
/// A line is `block line:col-end_line:end_col OP argument -> target !handler/depth/lasti`; parts that are not there
/// are left out.
pub fn dump(unit: &Unit) -> String {
    let mut out = String::new();
    dump_into(unit, &mut out);
    out
}

fn dump_into(unit: &Unit, out: &mut String) {
    // writing to a string cannot fail
    let _ = writeln!(out, "code {} line {} stack {}", unit.qualname, unit.first_line, unit.stack_size);
    for (block, number) in unit.blocks.iter().zip(0..) {
        for instr in &block.instrs {
            let loc = instr.loc;
            let _ = write!(out, "{number} {}:{}-{}:{} ", loc.line, loc.col, loc.end_line, loc.end_col);
            let _ = write!(out, "{}", instr.op.name());
            let argument = argument(unit, instr);
            if !argument.is_empty() {
                let _ = write!(out, " {argument}");
            }
            if let Some(target) = instr.target {
                let _ = write!(out, " -> {}", target.0);
            }
            if let Some(handler) = instr.except {
                let lasti = if handler.push_lasti { "/lasti" } else { "" };
                let _ = write!(out, " !{}/{}{lasti}", handler.block.0, handler.depth);
            }
            out.push('\n');
        }
    }
    for nested in &unit.nested {
        dump_into(nested, out);
    }
}

fn argument(unit: &Unit, instr: &Instr) -> String {
    let arg = instr.arg;
    let name = |names: &[String], at: u32| names.get(at as usize).cloned().unwrap_or_else(|| format!("?{at}"));
    match instr.op {
        Op::LOAD_CONST | Op::RETURN_CONST => unit.consts.get(arg as usize).map_or(String::new(), constant),
        Op::LOAD_FAST
        | Op::LOAD_FAST_CHECK
        | Op::LOAD_FAST_AND_CLEAR
        | Op::STORE_FAST
        | Op::STORE_FAST_MAYBE_NULL
        | Op::DELETE_FAST => name(&unit.varnames, arg),
        Op::LOAD_CLOSURE
        | Op::LOAD_DEREF
        | Op::STORE_DEREF
        | Op::DELETE_DEREF
        | Op::LOAD_FROM_DICT_OR_DEREF
        | Op::MAKE_CELL => {
            let cells = unit.cellvars.len() as u32;
            if arg < cells { name(&unit.cellvars, arg) } else { name(&unit.freevars, arg - cells) }
        }
        Op::LOAD_NAME
        | Op::STORE_NAME
        | Op::DELETE_NAME
        | Op::STORE_GLOBAL
        | Op::DELETE_GLOBAL
        | Op::LOAD_FROM_DICT_OR_GLOBALS
        | Op::STORE_ATTR
        | Op::DELETE_ATTR
        | Op::IMPORT_NAME
        | Op::IMPORT_FROM => name(&unit.names, arg),
        Op::LOAD_GLOBAL | Op::LOAD_ATTR => {
            let flag = if arg & 1 != 0 { " + NULL|self" } else { "" };
            format!("{}{flag}", name(&unit.names, arg >> 1))
        }
        Op::LOAD_SUPER_ATTR => {
            let flag = if arg & 1 != 0 { " + NULL|self" } else { "" };
            format!("{}{flag}", name(&unit.names, arg >> 2))
        }
        Op::COMPARE_OP => {
            let op = CompareOp::from_u8((arg & 15) as u8).map_or("?", CompareOp::symbol);
            if arg & COMPARE_TO_BOOL != 0 { format!("bool({op})") } else { op.to_owned() }
        }
        op if op.has_target() || (arg == 0 && op.effect(0) == op.effect(1)) => String::new(),
        _ => arg.to_string(),
    }
}

fn constant(value: &Const) -> String {
    let list = |items: &[Const]| items.iter().map(constant).collect::<Vec<_>>().join(", ");
    match value {
        Const::None => "None".to_owned(),
        Const::True => "True".to_owned(),
        Const::False => "False".to_owned(),
        Const::Ellipsis => "Ellipsis".to_owned(),
        Const::Int(value) => value.to_string(),
        Const::Float(value) => format!("{value:?}"),
        Const::Complex { re, im } => format!("({re:?}{im:+?}j)"),
        Const::Str(Text::Utf8(text)) => format!("{text:?}"),
        Const::Str(Text::Surrogates(points)) => format!("surrogates{points:x?}"),
        Const::Bytes(bytes) => format!("b\"{}\"", bytes.escape_ascii()),
        Const::Tuple(items) => format!("({})", list(items)),
        Const::FrozenSet(items) => format!("frozenset({})", list(items)),
        Const::Code(index) => format!("code#{index}"),
    }
}
