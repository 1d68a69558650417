//! Code objects as text.

use std::collections::HashSet;
use std::fmt::Write;

use super::constant_text::constant_text;
use super::ops::{Op, Operand, Word};
use super::{BinaryOp, CodeData, CompareOp};

/// The disassembly of a code object and of those nested in it.  `original` gives the opcode of an instruction that is
/// instrumented, so that live code prints as if it were not.
pub fn disassemble(code: &CodeData, original: &dyn Fn(&CodeData, usize) -> Option<Op>) -> String {
    let mut out = String::new();
    one(&mut out, code, original);
    for nested in &code.nested {
        out.push('\n');
        out.push_str(&disassemble(nested, original));
    }
    out
}

fn one(out: &mut String, code: &CodeData, original: &dyn Fn(&CodeData, usize) -> Option<Op>) {
    let _ = writeln!(
        out,
        "Disassembly of {} ({}, line {}; {} registers, temporaries from r{}):",
        code.qualname, code.file, code.first_line, code.register_count, code.first_temp
    );
    let find = |i: usize| original(code, i);
    let all: Vec<(usize, Word)> = code.instructions(&find).collect();
    let targets: HashSet<i64> = all.iter().filter_map(|&(i, w)| jump_target(i, w)).collect();
    for (i, w) in all {
        let line = match code.line(i) {
            Some(l) if code.line_starts[i] => format!("{l:>5} *"),
            Some(l) => format!("{l:>5}  "),
            None => "    -  ".to_string(),
        };
        let mark = if targets.contains(&(i as i64)) { ">>" } else { "  " };
        let _ = writeln!(out, "{line} {mark} {i:>4} {:<24} {}", w.op().name(), operands(code, i, w));
    }
    for h in &code.handlers {
        let lasti = if h.with_index { " lasti" } else { "" };
        let _ = writeln!(out, "        {} to {} -> {} [r{}]{lasti}", h.start, h.end, h.target, h.base);
    }
}

/// Where a jump goes, if its distance is in the instruction itself.
pub fn jump_target(i: usize, w: Word) -> Option<i64> {
    let op = w.op();
    if op.operands()[1] == Operand::LongJump {
        return Some(i as i64 + 1 + w.bc() as i32 as i64);
    }
    (op.operands()[2] == Operand::Jump && w.c() != 0).then(|| i as i64 + 1 + w.c() as i16 as i64)
}

fn register(code: &CodeData, r: u16) -> String {
    match code.local_names.get(r as usize) {
        Some(name) => format!("r{r}({name})"),
        None => format!("r{r}"),
    }
}

fn operands(code: &CodeData, i: usize, w: Word) -> String {
    let mut parts = Vec::new();
    let fields = [w.a(), w.b(), w.c()];
    for (n, kind) in w.op().operands().into_iter().enumerate() {
        let v = fields[n];
        match kind {
            Operand::None => {}
            Operand::Dst => parts.push(format!("{} <-", register(code, v))),
            Operand::Src | Operand::Peek => parts.push(register(code, v)),
            Operand::Base => parts.push(format!("r{v}..")),
            Operand::Num => parts.push(format!("{v}")),
            Operand::Const => parts.push(constant(code, v as usize)),
            Operand::Name => parts.push(code.names.get(v as usize).cloned().unwrap_or_default()),
            Operand::LongConst => parts.push(constant(code, w.bc() as usize)),
            Operand::Jump | Operand::LongJump => {
                parts.push(jump_target(i, w).map_or_else(|| "to ext".to_string(), |t| format!("to {t}")))
            }
        }
    }
    match w.op() {
        Op::BINARY => parts.extend(BinaryOp::from_u8(w.x() & 0x7f).map(|o| o.symbol().to_string())),
        Op::COMPARE => parts.extend(CompareOp::from_u8(w.x() & 15).map(|o| o.symbol().to_string())),
        _ if w.x() != 0 => parts.push(format!("x={}", w.x())),
        _ => {}
    }
    parts.join(" ")
}

fn constant(code: &CodeData, i: usize) -> String {
    let nested = |n| match code.nested.get(n as usize) {
        Some(c) => format!("<code {}>", c.qualname),
        None => "<code>".into(),
    };
    code.consts.get(i).map_or_else(|| "?".into(), |c| constant_text(c, &nested))
}
