//! `_codecs`: the codecs that are native, and the registry of those that Python modules add.

use super::new;
use crate::builtins::codec;
use crate::builtins::functions::objects::is_callable;
use crate::object::dict::Dict;
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::sequence::{Bytes, List, Tuple};
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_args::{Signature, signature};
use crate::vm::{Args, R, Vm};

macro_rules! codecs {
    ($($name:literal $encode:literal $decode:literal;)*) => {
        const NATIVE: &[Def] = &[$(
            def($encode, 1, 2, |vm, a| encode_by(vm, a, $name)),
            // The third parameter says whether more bytes may follow; without it they end here.
            def($decode, 1, 3, |vm, a| decode_by(vm, a, $name)),
        )*];
    };
}

codecs! {
    "utf-8" "utf_8_encode" "utf_8_decode";
    "latin-1" "latin_1_encode" "latin_1_decode";
    "ascii" "ascii_encode" "ascii_decode";
    "utf-16" "utf_16_encode" "utf_16_decode";
    "utf-16-le" "utf_16_le_encode" "utf_16_le_decode";
    "utf-16-be" "utf_16_be_encode" "utf_16_be_decode";
    "utf-32" "utf_32_encode" "utf_32_decode";
    "utf-32-le" "utf_32_le_encode" "utf_32_le_decode";
    "utf-32-be" "utf_32_be_encode" "utf_32_be_decode";
}

const TABLE: &[Def] = &[
    def("register", 1, 1, register),
    def("unregister", 1, 1, unregister),
    def("lookup", 1, 1, lookup),
    def_kw("encode", 0, ANY, |vm, a| convert(vm, a, "encode", 0)),
    def_kw("decode", 0, ANY, |vm, a| convert(vm, a, "decode", 1)),
    def("register_error", 2, 2, register_error),
    def("lookup_error", 1, 1, lookup_error),
];

/// Where the module keeps search functions, found codecs and error handlers: names that `import *` does not take.
const SEARCH: &str = "_search_functions";
const FOUND: &str = "_found";
const HANDLERS: &str = "_handlers";

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "_codecs", TABLE);
    let name: Value = vm.intern("_codecs").into();
    for row in NATIVE {
        let f = vm.native_function(row, name.clone());
        super::set(vm, &m.dict, row.name, f.into());
    }
    let search: Value = List::new(&vm.heap, vec![]).into();
    super::set(vm, &m.dict, SEARCH, search);
    for key in [FOUND, HANDLERS] {
        let dict: Value = Dict::new(&vm.heap).into();
        super::set(vm, &m.dict, key, dict);
    }
    Ok(m)
}

/// Something that the module keeps.
fn kept(vm: &mut Vm, key: &str) -> R {
    let name = vm.intern("_codecs");
    let module = vm.import_module(&name)?;
    let key = vm.intern(key);
    vm.get_attr(&module, &key)
}

fn kept_dict(vm: &mut Vm, key: &str) -> R<Ref<Dict>> {
    match kept(vm, key)?.downcast_owned::<Dict>() {
        Ok(d) => Ok(d),
        Err(_) => Err(vm.runtime_error("the registry of codecs is lost")),
    }
}

fn errors(vm: &mut Vm, a: Args<'_>, function: &str) -> R<String> {
    let given = a.get(1).filter(|e| !e.is_none());
    codec::name_arg(vm, given, function, "errors", "strict")
}

fn encode_by(vm: &mut Vm, a: Args<'_>, name: &'static str) -> R {
    let Some(text) = a.pos[0].downcast::<Str>().cloned() else {
        let got = vm.argument_class(&a.pos[0]);
        return Err(vm.type_error(format!("{}_encode() argument 1 must be str, not {got}", name.replace('-', "_"))));
    };
    let errors = errors(vm, a, name)?;
    let bytes = codec::encode(vm, &text, name, &errors)?;
    let bytes: Value = Bytes::new(&vm.heap, bytes).into();
    Ok(Tuple::new(&vm.heap, [bytes, Value::from_len(text.len())]).into())
}

fn decode_by(vm: &mut Vm, a: Args<'_>, name: &'static str) -> R {
    let Some(data) = a.pos[0].bytes_like().map(|d| d.to_vec()) else {
        let got = vm.class_name(&a.pos[0]);
        return Err(vm.type_error(format!("a bytes-like object is required, not '{got}'")));
    };
    let errors = errors(vm, a, name)?;
    let may_go_on = match (a.get(2), name) {
        (Some(last), _) => !vm.truth(last)?,
        (None, "utf-8") => true,
        _ => false,
    };
    // A character that is not complete yet waits for its rest.
    let n = if may_go_on && name == "utf-8" { complete_utf8(&data) } else { data.len() };
    let bytes = Bytes::new(&vm.heap, &data[..n]);
    let text: Value = codec::decode(vm, &bytes, name, &errors)?.into();
    Ok(Tuple::new(&vm.heap, [text, Value::from_len(n)]).into())
}

/// Bytes without a character at the end of which only the beginning is there.
fn complete_utf8(data: &[u8]) -> usize {
    match std::str::from_utf8(data) {
        Err(e) if e.error_len().is_none() => e.valid_up_to(),
        // What stands before is the codec's affair.
        Err(_) => match (1..=3.min(data.len())).find(|&back| data[data.len() - back] >= 0xc0) {
            Some(back) => {
                let tail = &data[data.len() - back..];
                let open = std::str::from_utf8(tail).is_err_and(|e| e.error_len().is_none());
                if open { data.len() - back } else { data.len() }
            }
            None => data.len(),
        },
        Ok(_) => data.len(),
    }
}

fn register(vm: &mut Vm, a: Args<'_>) -> R {
    if !is_callable(vm, &a.pos[0]) {
        return Err(vm.type_error("argument must be callable"));
    }
    let search = kept(vm, SEARCH)?;
    if let Some(list) = search.downcast::<List>()
        && list.push(&vm.heap, a.pos[0].clone()).is_err()
    {
        return Err(vm.memory_error());
    }
    Ok(Value::NONE)
}

fn unregister(vm: &mut Vm, a: Args<'_>) -> R {
    let search = kept(vm, SEARCH)?;
    if let Some(list) = search.downcast::<List>() {
        let old = list.edit(&vm.heap, |items| {
            let at = items.iter().position(|f| f.is(&a.pos[0]));
            at.map(|i| items.remove(i))
        });
        if old.is_some() {
            kept_dict(vm, FOUND)?.clear_all(&vm.heap);
        }
    }
    Ok(Value::NONE)
}

/// `CodecInfo` of an encoding, by the search functions; those of the package `encodings` are the first.
fn find(vm: &mut Vm, encoding: &str) -> R {
    let normal = encoding.to_ascii_lowercase().replace(' ', "_");
    let key: Value = vm.intern(&normal).into();
    let found = kept_dict(vm, FOUND)?;
    if let Some(info) = vm.dict_get(&found, &key)? {
        return Ok(info);
    }
    let encodings = vm.intern("encodings");
    if vm.modules.get_str(&encodings).is_none() {
        vm.import_module(&encodings)?;
    }
    let search = kept(vm, SEARCH)?;
    for f in vm.collect(&search)? {
        let info = vm.call(&f, std::slice::from_ref(&key))?;
        if info.is_none() {
            continue;
        }
        if info.downcast::<Tuple>().is_none_or(|t| t.len() != 4) {
            return Err(vm.type_error("codec search functions must return 4-tuples"));
        }
        vm.dict_set(&found, key, info.clone())?;
        return Ok(info);
    }
    Err(vm.lookup_error(format!("unknown encoding: {encoding}")))
}

fn lookup(vm: &mut Vm, a: Args<'_>) -> R {
    match a.pos[0].downcast::<Str>().map(|s| s.to_string_lossy().into_owned()) {
        Some(name) => find(vm, &name),
        None => {
            let got = vm.argument_class(&a.pos[0]);
            Err(vm.type_error(format!("lookup() argument must be str, not {got}")))
        }
    }
}

/// `encode(obj, encoding='utf-8', errors='strict')`, and `decode`.
fn convert(vm: &mut Vm, a: Args<'_>, function: &'static str, part: usize) -> R {
    let s: Signature<3> = signature(function, ["obj", "encoding", "errors"], 1);
    let [object, encoding, errors] = a.bind(vm, &s)?;
    let encoding = codec::name_arg(vm, encoding, function, "encoding", "utf-8")?;
    let errors = codec::name_arg(vm, errors, function, "errors", "strict")?;
    let info = find(vm, &encoding)?;
    let errors = vm.new_str(&errors);
    let Some(f) = info.downcast::<Tuple>().and_then(|t| t.get(part).cloned()) else { return Ok(Value::NONE) };
    let result = vm.call(&f, &[object.cloned().unwrap_or(Value::NONE), errors])?;
    match result.downcast::<Tuple>().filter(|t| t.len() == 2) {
        Some(t) => Ok(t[0].clone()),
        None => Err(vm.type_error(format!("{function}r must return a tuple (object, integer)"))),
    }
}

fn register_error(vm: &mut Vm, a: Args<'_>) -> R {
    if !is_callable(vm, &a.pos[1]) {
        return Err(vm.type_error("handler must be callable"));
    }
    let handlers = kept_dict(vm, HANDLERS)?;
    vm.dict_set(&handlers, a.pos[0].clone(), a.pos[1].clone())?;
    Ok(Value::NONE)
}

/// Handlers that were registered; the standard ones live in the codecs themselves and have no functions.
fn lookup_error(vm: &mut Vm, a: Args<'_>) -> R {
    let handlers = kept_dict(vm, HANDLERS)?;
    if let Some(f) = vm.dict_get(&handlers, &a.pos[0])? {
        return Ok(f);
    }
    let name = vm.str(&a.pos[0])?;
    Err(vm.lookup_error(format!("unknown error handler name '{name}'")))
}
