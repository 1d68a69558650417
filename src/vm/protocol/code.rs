//! `==` and `hash()` of code objects: by what they run and where they stand, not by the file they come from.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::code::CodeData;
use crate::object::function::Code;
use crate::object::header::Ref;
use crate::object::sequence::Tuple;
use crate::object::set::Set;
use crate::object::value::Value;
use crate::vm::instrument::original_op;
use crate::vm::{R, Vm};

impl Vm {
    /// `x == y` of code objects.
    pub(super) fn code_equal(&mut self, x: &Ref<Code>, y: &Ref<Code>) -> R<bool> {
        equal(self, x, y)
    }
}

/// `hash(code)`.
pub(super) fn hash(code: &Code) -> u64 {
    let data = &code.data;
    let mut hasher = DefaultHasher::new();
    data.name.hash(&mut hasher);
    [data.arg_count, data.pos_only_count, data.kw_only_count, data.flags].hash(&mut hasher);
    (data.first_line, data.words.len(), code.consts.len()).hash(&mut hasher);
    data.names.iter().chain(&data.local_names).for_each(|name| name.hash(&mut hasher));
    // One that is never the -1 of a failure.
    hasher.finish() >> 1
}

fn equal(vm: &mut Vm, x: &Ref<Code>, y: &Ref<Code>) -> R<bool> {
    if x.is(y) {
        return Ok(true);
    }
    vm.check_stack(" in comparison")?;
    let numbers = |d: &CodeData| {
        let arguments = [d.arg_count, d.pos_only_count, d.kw_only_count, d.flags, d.local_count, d.free_count];
        (arguments, d.first_line, d.words.len())
    };
    let words = |code: &Ref<Code>| -> Vec<(usize, u64)> {
        code.data.instructions(&|i| original_op(code, i)).map(|(i, w)| (i, w.0)).collect()
    };
    let same = x.name.is(&y.name)
        && numbers(&x.data) == numbers(&y.data)
        && x.data.positions == y.data.positions
        && x.data.handlers == y.data.handlers
        && x.consts.len() == y.consts.len()
        && words(x) == words(y)
        && x.data.names == y.data.names
        && x.data.local_names == y.data.local_names;
    if !same {
        return Ok(false);
    }
    for (a, b) in x.consts.iter().zip(&y.consts) {
        if !same_constant(vm, a, b)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether two constants are the same in all that a program can tell apart: `1`, `1.0` and `True` are three.
fn same_constant(vm: &mut Vm, a: &Value, b: &Value) -> R<bool> {
    if a.is(b) {
        return Ok(true);
    }
    if !a.class(&vm.heap).is(b.class(&vm.heap)) {
        return Ok(false);
    }
    if let (Some(x), Some(y)) = (a.downcast::<Code>(), b.downcast::<Code>()) {
        return equal(vm, x, y);
    }
    if let (Some(x), Some(y)) = (a.as_float(), b.as_float()) {
        return Ok(x.to_bits() == y.to_bits());
    }
    if let (Some(x), Some(y)) = (a.as_complex(), b.as_complex()) {
        return Ok([x.re.to_bits(), x.im.to_bits()] == [y.re.to_bits(), y.im.to_bits()]);
    }
    if let (Some(x), Some(y)) = (a.downcast::<Tuple>(), b.downcast::<Tuple>()) {
        if x.len() != y.len() {
            return Ok(false);
        }
        for (a, b) in x.iter().zip(y.iter()) {
            if !same_constant(vm, a, b)? {
                return Ok(false);
            }
        }
        return Ok(true);
    }
    if a.downcast::<Set>().is_some() {
        // Equal ones have equal items, whose classes differ where their texts do.
        return Ok(vm.eq(a, b)? && *vm.repr(a)? == *vm.repr(b)?);
    }
    vm.eq(a, b)
}
