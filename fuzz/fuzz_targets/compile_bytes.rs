//! Any bytes as a source: the compiler must come to an end, with code that can be trusted or an error that says something.

#![no_main]

use std::rc::Rc;

use execmon::code::CodeData;
use execmon::code::disassemble::{disassemble, jump_target};
use execmon::compile::source::Source;
use execmon::compile::{Mode, compile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for mode in [Mode::Exec, Mode::Eval, Mode::Single] {
        match Source::from_bytes("fuzz.py", bytes).and_then(|source| compile(&source, mode)) {
            Ok(code) => {
                assert!(!disassemble(&code, &|_, _| None).is_empty());
                check(&code);
            }
            Err(error) => assert!(!error.msg.is_empty(), "an error without a message"),
        }
    }
});

/// What holds of every code object, and of those among its constants.
fn check(code: &Rc<CodeData>) {
    for (i, word) in code.instructions(&|_| None) {
        if let Some(target) = jump_target(i, word) {
            let inside = usize::try_from(target).is_ok_and(|target| target < code.words.len());
            assert!(inside, "the jump at {i} of {} leads to {target}", code.qualname);
        }
    }
    for handler in &code.handlers {
        assert!((handler.target as usize) < code.words.len(), "a handler of {} lies outside of it", code.qualname);
    }
    for nested in &code.nested {
        check(nested);
    }
}
