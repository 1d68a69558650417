//! `_imp`: what the library's `importlib` asks of its interpreter.  There are no frozen modules and no extension modules.

use super::{new, set};
use crate::object::function::{Code, Module};
use crate::object::header::Ref;
use crate::object::sequence::{Bytes, List};
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::{Args, R, Vm};

const TABLE: &[Def] = &[
    // Imports run on one thread, which never waits for the lock.
    def("acquire_lock", 0, 0, |vm, _| {
        vm.native.import_lock += 1;
        Ok(Value::NONE)
    }),
    def("release_lock", 0, 0, |vm, _| match vm.native.import_lock.checked_sub(1) {
        Some(left) => {
            vm.native.import_lock = left;
            Ok(Value::NONE)
        }
        None => Err(vm.runtime_error("not holding the import lock")),
    }),
    def("lock_held", 0, 0, |vm, _| Ok(Value::bool(vm.native.import_lock > 0))),
    def("create_builtin", 1, 1, create_builtin),
    def("exec_builtin", 1, 1, |_, _| Ok(Value::int_unchecked(0))),
    def("is_builtin", 1, 1, is_builtin),
    def("is_frozen", 1, 1, |_, _| Ok(Value::FALSE)),
    def_kw("find_frozen", 1, 1, |_, _| Ok(Value::NONE)),
    def("init_frozen", 1, 1, |_, _| Ok(Value::NONE)),
    def("is_frozen_package", 1, 1, no_frozen),
    def("get_frozen_object", 1, 2, no_frozen),
    def("_frozen_module_names", 0, 0, empty_list),
    def("extension_suffixes", 0, 0, empty_list),
    def("_override_frozen_modules_for_tests", 1, 1, |_, _| Ok(Value::NONE)),
    def("_override_multi_interp_extensions_check", 1, 1, |_, _| Ok(Value::int_unchecked(0))),
    def("_fix_co_filename", 2, 2, fix_filename),
    def_kw("source_hash", 0, ANY, source_hash),
];

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "_imp", TABLE);
    let mode = vm.new_str("default");
    set(vm, &m.dict, "check_hash_based_pycs", mode);
    // CPython 3.14's; nothing here writes or reads such files.
    set(vm, &m.dict, "pyc_magic_number_token", Value::int_unchecked(168_627_243));
    Ok(m)
}

fn empty_list(vm: &mut Vm, _: Args<'_>) -> R {
    Ok(List::new(&vm.heap, Vec::new()).into())
}

fn text<'a>(vm: &mut Vm, v: &'a Value, function: &str) -> R<&'a Ref<Str>> {
    match v.downcast::<Str>() {
        Some(s) => Ok(s),
        None => {
            let got = vm.argument_class(v);
            Err(vm.type_error(format!("{function}() argument must be str, not {got}")))
        }
    }
}

fn is_native(name: &Str) -> bool {
    super::TABLE.iter().any(|(n, _)| name.as_ascii() == Some(n))
}

/// 1: there is such a module; -1: there is, and it cannot be made again.
fn is_builtin(vm: &mut Vm, a: Args<'_>) -> R {
    let name = text(vm, &a.pos[0], "is_builtin")?;
    let once = matches!(name.as_ascii(), Some("sys" | "builtins"));
    Ok(Value::int_unchecked(if once { -1 } else { i64::from(is_native(name)) }))
}

/// The native module of a spec's name.
fn create_builtin(vm: &mut Vm, a: Args<'_>) -> R {
    let key = vm.intern("name");
    let name = vm.get_attr(&a.pos[0], &key)?;
    let name = text(vm, &name, "create_builtin")?.clone();
    if !is_native(&name) {
        return Ok(Value::NONE);
    }
    let name = vm.heap.interned.intern(&name);
    vm.import_module(&name)
}

fn no_frozen(vm: &mut Vm, a: Args<'_>) -> R {
    let name = vm.repr(&a.pos[0])?;
    let text = vm.new_str(&format!("No such frozen object named {}", name.to_string().trim_matches('\'')));
    let class = vm.types().ImportError.clone();
    Err(vm.exception(&class, vec![text]))
}

/// Code is never moved: what it says of its file stays.
fn fix_filename(vm: &mut Vm, a: Args<'_>) -> R {
    if a.pos[0].downcast::<Code>().is_none() {
        let got = vm.argument_class(&a.pos[0]);
        return Err(vm.type_error(format!("_fix_co_filename() argument 1 must be code, not {got}")));
    }
    Ok(Value::NONE)
}

/// `source_hash(key, source)`: SipHash-1-3 of the source under a 64-bit key, in 8 bytes.
fn source_hash(vm: &mut Vm, a: Args<'_>) -> R {
    let signature = crate::vm::native_args::signature("source_hash", ["key", "source"], 2);
    let [key, source] = a.bind(vm, &signature)?;
    let key = key.and_then(|k| k.as_int()).and_then(|k| k.to_i64()).unwrap_or(0);
    let Some(source) = source.and_then(|s| s.bytes_like()) else {
        return Err(vm.type_error("a bytes-like object is required"));
    };
    Ok(Bytes::new(&vm.heap, siphash13(key as u64, 0, &source).to_le_bytes().to_vec()).into())
}

/// SipHash with one round a block and three at the end (Aumasson and Bernstein).
fn siphash13(k0: u64, k1: u64, data: &[u8]) -> u64 {
    let mut v = [
        k0 ^ 0x736f_6d65_7073_6575,
        k1 ^ 0x646f_7261_6e64_6f6d,
        k0 ^ 0x6c79_6765_6e65_7261,
        k1 ^ 0x7465_6462_7974_6573,
    ];
    let round = |v: &mut [u64; 4]| {
        v[0] = v[0].wrapping_add(v[1]);
        v[1] = v[1].rotate_left(13) ^ v[0];
        v[0] = v[0].rotate_left(32);
        v[2] = v[2].wrapping_add(v[3]);
        v[3] = v[3].rotate_left(16) ^ v[2];
        v[0] = v[0].wrapping_add(v[3]);
        v[3] = v[3].rotate_left(21) ^ v[0];
        v[2] = v[2].wrapping_add(v[1]);
        v[1] = v[1].rotate_left(17) ^ v[2];
        v[2] = v[2].rotate_left(32);
    };
    let mut blocks = data.chunks_exact(8);
    for block in &mut blocks {
        let m = u64::from_le_bytes(block.try_into().unwrap_or_default());
        v[3] ^= m;
        round(&mut v);
        v[0] ^= m;
    }
    let mut last = [0; 8];
    last[..blocks.remainder().len()].copy_from_slice(blocks.remainder());
    let m = u64::from_le_bytes(last) | (data.len() as u64) << 56;
    v[3] ^= m;
    round(&mut v);
    v[0] ^= m;
    v[2] ^= 0xff;
    (0..3).for_each(|_| round(&mut v));
    v[0] ^ v[1] ^ v[2] ^ v[3]
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_hash_is_that_of_pyc_files() {
        // `_imp.source_hash(3435, b'x = 1\n')` of CPython.
        let got = super::siphash13(0x0d6b, 0, b"x = 1\n").to_le_bytes();
        assert_eq!(got, [73, 236, 214, 44, 225, 148, 123, 113]);
    }
}
