//! Code at the limits of what an instruction can hold.

use std::rc::Rc;

use crate::code::disassemble::jump_target;
use crate::code::{CodeData, Op};
use crate::compile::source::Source;
use crate::compile::syntax_error::SyntaxError;
use crate::compile::{Mode, compile};

fn code(text: String) -> Result<Rc<CodeData>, SyntaxError> {
    let source = Source::from_text("limits.py", text)?;
    compile(&source, Mode::Exec)
}

/// The message and line of the error that a source gives.
fn refusal(text: String) -> (String, u32) {
    let e = code(text).err().expect("the source is beyond a limit");
    (e.msg, e.line)
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

#[test]
fn names_beyond_an_operand_are_refused_with_their_line() {
    assert!(code(lines(65_536, |i| format!("v{i} = 0\n"))).is_ok());
    let (message, line) = refusal(lines(65_540, |i| format!("v{i} = 0\n")));
    assert_eq!(message, "an instruction with a number above 65,535 is not supported yet");
    assert_eq!(line, 65_537);
}

#[test]
fn more_locals_than_registers_are_refused() {
    let function = |count| format!("def f():\n{}", lines(count, |i| format!(" v{i} = 0\n")));
    let most = code(function(65_500)).expect("they fit");
    assert_eq!(most.nested[0].local_count, 65_500);
    let (message, line) = refusal(function(65_536));
    assert_eq!(message, "code with so many variables or operands at a time is not supported yet");
    assert_eq!(line, 2);
}

#[test]
fn more_operands_than_registers_are_refused_with_their_line() {
    let targets = |count| format!("x = 0\n{}= x\n", lines(count, |i| format!("a{i}, ")));
    assert!(code(targets(30_000)).is_ok());
    let (message, line) = refusal(targets(40_000));
    assert_eq!(message, "code with so many variables or operands at a time is not supported yet");
    assert_eq!(line, 2);
}

#[test]
fn a_constant_beyond_an_operand_is_loaded() {
    let text = format!("{}x = y + 99999\n", lines(66_000, |i| format!("x = {i}\n")));
    let code = code(text).expect("constants have an index of 32 bits");
    let last = code.instructions(&|_| None).filter(|(_, w)| w.op() == Op::ADD || w.op() == Op::ADD_K).last();
    assert_eq!(last.map(|(_, w)| w.op()), Some(Op::ADD));
}

#[test]
fn short_jumps_become_far_where_one_does_not_reach() {
    let text = |count| format!("for i in x:\n{}y = 1\n", lines(count, |_| " x = x + 0\n".to_owned()));
    for (count, far) in [(10, false), (20_000, true)] {
        let code = code(text(count)).expect("it compiles");
        let (at, w) = code.instructions(&|_| None).find(|(_, w)| w.op() == Op::FOR_ITER).expect("it loops");
        assert_eq!(w.c() == 0, far);
        let target = jump_target(at, w).or_else(|| jump_target(at + 1, code.word(at + 1))).expect("it jumps");
        assert_eq!(code.line(target as usize), Some(count as i32 + 2));
    }
}
