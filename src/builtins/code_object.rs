//! `code` objects: what a program can see of them.

use std::cell::Cell;
use std::sync::Arc;

use crate::builtins::slots;
use crate::code::code_flags;
use crate::code::{CodeData, OFFSET_PER_WORD, location_table};
use crate::object::function::Code;
use crate::object::header::{Kind, Ref};
use crate::object::sequence::{Bytes, Tuple};
use crate::object::str::Str;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::instrument::{self, original_op};
use crate::vm::native::{def, def_kw};
use crate::vm::native_class::{CLASS, Class};
use crate::vm::native_iter::NativeIter;
use crate::vm::{Args, R, Vm};

/// Gives `code` its members.
pub fn install(vm: &mut Vm) {
    let class = vm.types().code.clone();
    vm.add_member(&class, "co_name", |vm, a| Ok(this(vm, a)?.name.to_value()), None);
    vm.add_member(&class, "co_qualname", |vm, a| Ok(this(vm, a)?.qualname.to_value()), None);
    vm.add_member(&class, "co_filename", file, None);
    vm.add_member(&class, "co_firstlineno", |vm, a| Ok(number(this(vm, a)?.data.first_line)), None);
    vm.add_member(&class, "co_argcount", |vm, a| Ok(Value::from_len(this(vm, a)?.data.arg_count as usize)), None);
    vm.add_member(&class, "co_posonlyargcount", positional_only, None);
    vm.add_member(&class, "co_kwonlyargcount", keyword_only, None);
    vm.add_member(&class, "co_nlocals", |vm, a| Ok(Value::from_len(locals(&*this(vm, a)?).len())), None);
    vm.add_member(&class, "co_flags", |vm, a| Ok(Value::from_len(this(vm, a)?.data.flags as usize)), None);
    vm.add_member(&class, "co_names", names, None);
    vm.add_getset(&class, "co_varnames", variables, None);
    vm.add_getset(&class, "co_cellvars", cells, None);
    vm.add_getset(&class, "co_freevars", free, None);
    vm.add_member(&class, "co_consts", constants, None);
    vm.add_member(&class, "co_stacksize", |vm, a| Ok(temporaries(&*this(vm, a)?)), None);
    vm.add_getset(&class, "co_code", bytecode, None);
    vm.add_getset(&class, "_co_code_adaptive", bytecode, None);
    vm.add_member(&class, "co_linetable", |vm, a| table(vm, a, location_table::line_table), None);
    vm.add_member(&class, "co_exceptiontable", |vm, a| table(vm, a, location_table::exception_table), None);
    vm.add_getset(&class, "co_lnotab", lnotab, None);
    vm.add_methods(&class, &[slots::HASH]);
    vm.add_methods(&class, slots::EQUALITY);
    vm.add_methods(
        &class,
        &[
            def("co_lines", 1, 1, lines),
            def("co_positions", 1, 1, positions),
            def("co_branches", 1, 1, branches),
            def_kw("replace", 1, 1, replace),
            def_kw("__replace__", 1, 1, replace),
            def("_varname_from_oparg", 2, 2, variable_name),
        ],
    );
}

fn this(vm: &mut Vm, a: Args<'_>) -> R<Ref<Code>> {
    match a.get(0).and_then(|v| v.downcast::<Code>()) {
        Some(code) => Ok(code.clone()),
        None => Err(vm.type_error("descriptor of 'code' needs a code object")),
    }
}

fn number(n: i32) -> Value {
    Value::from_len(usize::try_from(n).unwrap_or(0))
}

fn tuple(vm: &Vm, items: Vec<Value>) -> R {
    Ok(Tuple::new(&vm.heap, items).into())
}

fn file(vm: &mut Vm, a: Args<'_>) -> R {
    let code = this(vm, a)?;
    Ok(vm.new_str(&code.data.file))
}

fn positional_only(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::from_len(this(vm, a)?.data.pos_only_count as usize))
}

fn keyword_only(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::from_len(this(vm, a)?.data.kw_only_count as usize))
}

fn names(vm: &mut Vm, a: Args<'_>) -> R {
    let code = this(vm, a)?;
    tuple(vm, code.names.iter().map(|n| n.to_value()).collect())
}

/// Names of the local variables, parameters first.
fn locals(code: &Code) -> Vec<Value> {
    let count = code.data.local_count as usize;
    code.local_names.iter().take(count).map(|n| n.to_value()).collect()
}

fn variables(vm: &mut Vm, a: Args<'_>) -> R {
    let code = this(vm, a)?;
    tuple(vm, locals(&code))
}

/// Variables of its own that nested functions use; a parameter among them is a local variable as well.
fn cells(vm: &mut Vm, a: Args<'_>) -> R {
    let code = this(vm, a)?;
    // Parameters first, as among all local variables.
    let mut cells = code.data.cell_registers.clone();
    cells.sort_unstable();
    tuple(vm, cells.iter().filter_map(|&r| code.local_names.get(r as usize)).map(|n| n.to_value()).collect())
}

fn free(vm: &mut Vm, a: Args<'_>) -> R {
    let code = this(vm, a)?;
    let first = code.local_names.len().saturating_sub(code.data.free_count as usize);
    tuple(vm, code.local_names[first..].iter().map(|n| n.to_value()).collect())
}

fn constants(vm: &mut Vm, a: Args<'_>) -> R {
    let code = this(vm, a)?;
    tuple(vm, code.consts.clone())
}

/// The registers beside the variables.
fn temporaries(code: &Code) -> Value {
    Value::from_len((code.data.register_count - code.data.first_temp).into())
}

/// Opcode and first operand of each word, as the compiler made them: what offsets count.  The operands that do not fit are
/// not in it, and it runs nowhere.
fn bytecode(vm: &mut Vm, a: Args<'_>) -> R {
    let code = this(vm, a)?;
    let words = 0..code.data.words.len();
    let bytes: Vec<u8> = words
        .flat_map(|i| {
            let word = code.data.word(i);
            // A word of a cache is no instruction.
            match original_op(&code, i) {
                Some(op) => [op as u8, word.as_compiled(Some(op)).x()],
                None => [word.opcode(), word.x()],
            }
        })
        .collect();
    Ok(Bytes::new(&vm.heap, bytes.into_boxed_slice()).into())
}

fn table(vm: &mut Vm, a: Args<'_>, make: fn(&CodeData) -> Vec<u8>) -> R {
    let code = this(vm, a)?;
    Ok(Bytes::new(&vm.heap, make(&code.data)).into())
}

fn lnotab(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.types().DeprecationWarning.clone();
    vm.warn(&class, "co_lnotab is deprecated, use co_lines instead.")?;
    table(vm, a, |code| location_table::lnotab(code, OFFSET_PER_WORD))
}

/// The name of a local variable, cell or free variable by register.
fn variable_name(vm: &mut Vm, a: Args<'_>) -> R {
    let code = this(vm, a)?;
    let i = usize::try_from(vm.index_i64(&a.pos[1])?).ok();
    match i.and_then(|i| code.local_names.get(i)) {
        Some(name) => Ok(name.to_value()),
        None => Err(vm.index_error("tuple index out of range")),
    }
}

fn offset(word: usize) -> Value {
    Value::int_unchecked(word as i64 * i64::from(OFFSET_PER_WORD))
}

/// An iterator over tuples.
struct Rows(Cell<std::vec::IntoIter<Vec<Value>>>);

opaque_data!(Rows {});

impl NativeIter for Rows {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        let mut rows = self.0.take();
        let row = rows.next();
        self.0.set(rows);
        Ok(row.map(|row| Tuple::new(&vm.heap, row).into()))
    }
}

const ITERATOR: Class = Class { kind: Kind::Iter, methods: &[slots::ITER, slots::NEXT], ..CLASS };
static LINES: Class = Class { name: "line_iterator", ..ITERATOR };
static POSITIONS: Class = Class { name: "positions_iterator", ..ITERATOR };

fn iterator(vm: &mut Vm, class: &'static Class, rows: Vec<Vec<Value>>) -> R {
    let class = vm.native_class(class);
    Ok(vm.new_native_iter(&class, Rows(Cell::new(rows.into_iter()))))
}

/// `co_lines()`: `(start, end, line)` for each run of words of one line.
fn lines(vm: &mut Vm, a: Args<'_>) -> R {
    let code = this(vm, a)?;
    let mut rows = Vec::new();
    let mut start = 0;
    for run in code.data.positions.chunk_by(|x, y| x.line == y.line) {
        let end = start + run.len();
        rows.push(vec![offset(start), offset(end), position_part(run[0].line)]);
        start = end;
    }
    iterator(vm, &LINES, rows)
}

/// A line or column; None where there is none.
fn position_part(n: i32) -> Value {
    if n < 0 { Value::NONE } else { Value::int_unchecked(n.into()) }
}

/// `co_positions()`: `(line, end_line, column, end_column)` for each word.
fn positions(vm: &mut Vm, a: Args<'_>) -> R {
    let code = this(vm, a)?;
    let rows = code.data.positions.iter();
    let rows = rows.map(|p| [p.line, p.end_line, p.column, p.end_column].map(position_part).to_vec()).collect();
    iterator(vm, &POSITIONS, rows)
}

/// `co_branches()`: `(instruction, left, right)` for each instruction that fires branch events.
fn branches(vm: &mut Vm, a: Args<'_>) -> R {
    let code = this(vm, a)?;
    let rows = instrument::branches(&code.data);
    let rows = rows.iter().map(|row| row.map(|n| Value::int_unchecked(n.into())).to_vec()).collect();
    iterator(vm, &LINES, rows)
}

/// `replace(**changes)`: a copy with other names, place, flags, constants.  What the instructions depend on cannot be
/// changed.
fn replace(vm: &mut Vm, a: Args<'_>) -> R {
    let code = this(vm, a)?;
    let (mut texts, mut numbers) = ([None, None, None], [None, None]);
    let (mut consts, mut names) = (None, None);
    for (name, value) in a.names.iter().zip(a.values) {
        let name = name.downcast::<Str>().map(|s| s.to_string()).unwrap_or_default();
        match name.as_str() {
            "co_name" => texts[0] = Some(text(vm, &name, value)?),
            "co_qualname" => texts[1] = Some(text(vm, &name, value)?),
            "co_filename" => texts[2] = Some(text(vm, &name, value)?),
            "co_firstlineno" => numbers[0] = Some(number_argument(vm, &name, value)?),
            "co_flags" => numbers[1] = Some(flags_argument(vm, value, code.data.flags)?),
            "co_consts" => consts = Some(same_length(vm, &name, value, code.consts.len())?),
            "co_names" => names = Some(names_argument(vm, value, code.names.len())?),
            "co_argcount" | "co_posonlyargcount" | "co_kwonlyargcount" => count_argument(vm, &name, value, &code.data)?,
            other if other.starts_with("co_") => {
                return Err(vm.not_implemented_error(format!("replacing {other} is not supported")));
            }
            other => {
                return Err(vm.type_error(format!("replace() got an unexpected keyword argument '{other}'")));
            }
        }
    }
    let ([name, qualname, file], [first_line, flags]) = (texts, numbers);
    let new = vm.changed_code(&code, |data, old_consts, old_names| {
        set(&mut data.name, name);
        set(&mut data.qualname, qualname);
        set(&mut data.file, file);
        if let Some(first_line) = first_line {
            // The lines are told from the first one on.
            let moved = first_line - data.first_line;
            data.first_line = first_line;
            for position in Arc::make_mut(&mut data.positions).iter_mut().filter(|p| p.line >= 0) {
                position.line = position.line.saturating_add(moved).max(0);
                position.end_line = position.end_line.saturating_add(moved).max(0);
            }
        }
        set(&mut data.flags, flags.map(|f| f as u32));
        set(old_consts, consts);
        set(old_names, names);
    });
    Ok(new.into())
}

fn set<T>(to: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *to = new;
    }
}

fn number_argument(vm: &mut Vm, name: &str, v: &Value) -> R<i32> {
    match vm.index_c_int(v)? {
        n if n < 0 => Err(vm.value_error(format!("{name} must be a positive integer"))),
        n => Ok(n),
    }
}

/// A number of parameters, which has to be what it is: the registers of the rest follow from it.
fn count_argument(vm: &mut Vm, name: &str, v: &Value, data: &CodeData) -> R<()> {
    let new = number_argument(vm, name, v)? as u32;
    let counts = [("co_argcount", data.arg_count), ("co_posonlyargcount", data.pos_only_count)];
    let old = counts.iter().find(|(n, _)| *n == name).map_or(data.kw_only_count, |&(_, count)| count);
    if new == old {
        return Ok(());
    }
    if new > data.local_count {
        return Err(vm.value_error("code: co_varnames is too small"));
    }
    Err(vm.not_implemented_error(format!("replacing {name} is not supported")))
}

/// Flags by which arguments are bound and frames made: the instructions are compiled for them.
const FRAME_FLAGS: u32 = code_flags::OPTIMIZED
    | code_flags::NEWLOCALS
    | code_flags::VARARGS
    | code_flags::VARKEYWORDS
    | code_flags::GENERATOR
    | code_flags::COROUTINE
    | code_flags::ASYNC_GENERATOR;

fn flags_argument(vm: &mut Vm, v: &Value, old: u32) -> R<i32> {
    let new = number_argument(vm, "co_flags", v)?;
    match (new as u32 ^ old) & FRAME_FLAGS {
        0 => Ok(new),
        _ => Err(vm.not_implemented_error("replacing the co_flags that say how a frame is made is not supported")),
    }
}

fn names_argument(vm: &mut Vm, v: &Value, len: usize) -> R<Vec<Ref<Str>>> {
    let names = same_length(vm, "co_names", v, len)?;
    let interned = names.iter().map(|n| match n.downcast::<Str>() {
        Some(n) => Ok(vm.heap.interned.intern(n)),
        None => Err(vm.type_error("name tuples must contain only strings")),
    });
    interned.collect()
}

fn text(vm: &mut Vm, name: &str, v: &Value) -> R<String> {
    match v.downcast::<Str>() {
        Some(s) => Ok(s.to_string_lossy().into_owned()),
        None => {
            let class = vm.argument_class(v);
            Err(vm.type_error(format!("replace() argument '{name}' must be str, not {class}")))
        }
    }
}

fn same_length(vm: &mut Vm, name: &str, v: &Value, len: usize) -> R<Vec<Value>> {
    match v.downcast::<Tuple>() {
        Some(t) if t.len() == len => Ok(t.to_vec()),
        Some(_) => Err(vm.value_error(format!("{name} must have as many items as before"))),
        None => {
            let class = vm.argument_class(v);
            Err(vm.type_error(format!("replace() argument '{name}' must be tuple, not {class}")))
        }
    }
}
