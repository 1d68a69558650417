//! `sys`.

pub mod hooks;
mod state;

use super::struct_sequence as seq;
use super::{new, set};
use crate::builtins::modules::io;
use crate::object::dict::Dict;
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::instance::Instance;
use crate::object::number::BigInt;
use crate::object::number::Float;
use crate::object::sequence::{List, Tuple};
use crate::object::str::Str;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::{Args, Exc, R, Vm};

const TABLE: &[Def] = &[
    def_kw("addaudithook", 0, ANY, addaudithook),
    def("audit", 0, ANY, audit),
    def("displayhook", 1, 1, displayhook),
    def("exc_info", 0, 0, exc_info),
    def("exception", 0, 0, exception),
    def("_clear_type_descriptors", 1, 1, clear_type_descriptors),
    def("exit", 0, 1, exit),
    def("get_asyncgen_hooks", 0, 0, get_asyncgen_hooks),
    def("get_coroutine_origin_tracking_depth", 0, 0, get_origin_depth),
    def_kw("set_asyncgen_hooks", 0, 2, set_asyncgen_hooks),
    def_kw("set_coroutine_origin_tracking_depth", 0, 1, set_origin_depth),
    def("getdefaultencoding", 0, 0, getdefaultencoding),
    def("getfilesystemencoding", 0, 0, getdefaultencoding),
    def("getfilesystemencodeerrors", 0, 0, |vm, _| Ok(vm.new_str("surrogateescape"))),
    def("getrecursionlimit", 0, 0, getrecursionlimit),
    def("getrefcount", 1, 1, getrefcount),
    def_kw("getsizeof", 0, ANY, getsizeof),
    def("get_int_max_str_digits", 0, 0, get_int_max_str_digits),
    def("intern", 1, 1, intern),
    def("is_finalizing", 0, 0, is_finalizing),
    def("setrecursionlimit", 1, 1, setrecursionlimit),
    def_kw("set_int_max_str_digits", 0, ANY, set_int_max_str_digits),
    def("unraisablehook", 1, 1, unraisablehook),
];

/// Limits below this are refused by `set_int_max_str_digits`.
const DIGITS_MIN: usize = 640;

/// The items of what `unraisablehook` is called with.
const UNRAISABLE: &[&str] = &["exc_type", "exc_value", "exc_traceback", "err_msg", "object"];

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "sys", TABLE);
    let d = m.dict.clone();
    let text = |vm: &mut Vm, name: &str, s: &str| {
        let v = vm.new_str(s);
        set(vm, &d, name, v);
    };
    text(vm, "version", "3.14.0 (execmon)");
    text(vm, "platform", std::env::consts::OS);
    text(vm, "byteorder", if cfg!(target_endian = "little") { "little" } else { "big" });
    text(vm, "copyright", "");
    text(vm, "executable", "");
    text(vm, "prefix", "");
    text(vm, "exec_prefix", "");
    text(vm, "base_prefix", "");
    set(vm, &d, "maxsize", crate::object::number::BigInt::from_i64(&vm.heap, i64::MAX));
    set(vm, &d, "maxunicode", Value::int_unchecked(0x10_ffff));
    set(vm, &d, "hexversion", Value::int_unchecked(0x030e_00f0));
    set(vm, &d, "api_version", Value::int_unchecked(1013));
    set(vm, &d, "dont_write_bytecode", Value::TRUE);
    for name in ["argv", "path", "meta_path", "path_hooks", "warnoptions", "orig_argv"] {
        let list: Value = List::new(&vm.heap, Vec::new()).into();
        set(vm, &d, name, list);
    }
    let modules: Value = vm.modules.clone().into();
    set(vm, &d, "modules", modules);
    let [stdin, stdout, stderr] = io::standard_files(vm)?;
    for (name, file) in [("stdin", stdin), ("stdout", stdout), ("stderr", stderr)] {
        set(vm, &d, name, file.clone());
        set(vm, &d, &format!("__{name}__"), file);
    }
    for name in ["displayhook", "unraisablehook"] {
        let hook = d.get_str(&vm.intern(name)).unwrap_or(Value::NONE);
        set(vm, &d, &format!("__{name}__"), hook);
    }
    vm.native.unraisable_class = Some(seq::class(vm, "builtins", "UnraisableHookArgs", UNRAISABLE));
    versions(vm, &d);
    limits(vm, &d);
    flags(vm, &d);
    for functions in [crate::builtins::tracing::TABLE, hooks::TABLE, state::TABLE] {
        super::add_functions(vm, &d, "sys", functions);
    }
    hooks::install(vm, &d);
    state::install(vm, &d);
    let monitoring: Value = crate::builtins::monitoring::module(vm)?.into();
    set(vm, &d, "monitoring", monitoring);
    let names: Vec<Value> = super::TABLE.iter().map(|(n, _)| vm.intern(n).into()).collect();
    let names: Value = Tuple::new(&vm.heap, names).into();
    set(vm, &d, "builtin_module_names", names);
    let names = crate::object::set::Set::new(&vm.heap, &vm.types().frozenset);
    for name in crate::vm::stdlib_names::NAMES {
        let name = vm.intern(name).into();
        vm.set_add(&names, name)?;
    }
    set(vm, &d, "stdlib_module_names", names.into());
    Ok(m)
}

/// `set_asyncgen_hooks([firstiter] [, finalizer])`: what is called with an asynchronous generator when it is first
/// iterated, and when it dies before its end.
fn set_asyncgen_hooks(vm: &mut Vm, a: Args<'_>) -> R {
    a.check_keywords(vm, "set_asyncgen_hooks", &["firstiter", "finalizer"])?;
    let (firstiter, finalizer) = (a.get_or_keyword(0, "firstiter"), a.get_or_keyword(1, "finalizer"));
    for (name, hook) in [("firstiter", firstiter), ("finalizer", finalizer)] {
        if let Some(hook) = hook.filter(|h| !h.is_none() && !vm.is_callable(h)) {
            let class = vm.class_name(hook);
            return Err(vm.type_error(format!("callable {name} expected, got {class}")));
        }
    }
    let hook = |v: &Value| if v.is_none() { None } else { Some(v.clone()) };
    if let Some(v) = finalizer {
        vm.native.asyncgen_finalizer = hook(v);
    }
    if let Some(v) = firstiter {
        vm.native.asyncgen_firstiter = hook(v);
    }
    Ok(Value::NONE)
}

fn get_asyncgen_hooks(vm: &mut Vm, _: Args<'_>) -> R {
    let class = match vm.native.asyncgen_hooks_class.clone() {
        Some(class) => class,
        None => {
            let class = seq::class(vm, "builtins", "asyncgen_hooks", &["firstiter", "finalizer"]);
            vm.native.asyncgen_hooks_class = Some(class.clone());
            class
        }
    };
    let hooks = [&vm.native.asyncgen_firstiter, &vm.native.asyncgen_finalizer];
    let hooks = hooks.map(|h| h.clone().unwrap_or(Value::NONE)).to_vec();
    Ok(seq::make(vm, &class, hooks))
}

fn get_origin_depth(vm: &mut Vm, _: Args<'_>) -> R {
    Ok(Value::from_len(vm.native.coroutine_origin_depth))
}

/// How many frames a new coroutine remembers as its `cr_origin`.
fn set_origin_depth(vm: &mut Vm, a: Args<'_>) -> R {
    a.check_keywords(vm, "set_coroutine_origin_tracking_depth", &["depth"])?;
    let Some(depth) = a.get_or_keyword(0, "depth") else {
        return Err(vm.type_error("set_coroutine_origin_tracking_depth() missing required argument 'depth' (pos 1)"));
    };
    let depth = vm.index_c_int(depth)?;
    match usize::try_from(depth) {
        Ok(depth) => vm.native.coroutine_origin_depth = depth,
        Err(_) => return Err(vm.value_error("depth must be >= 0")),
    }
    Ok(Value::NONE)
}

fn int(i: i64) -> Value {
    Value::int_unchecked(i)
}

fn sequence(vm: &mut Vm, d: &Ref<Dict>, name: &str, fields: &[(&'static str, Value)]) -> Value {
    let names: Vec<&'static str> = fields.iter().map(|f| f.0).collect();
    sequence_of(vm, d, seq::Layout { module: "sys", name, fields: &names, hidden: &[], creatable: true }, fields, &[])
}

fn sequence_of(
    vm: &mut Vm,
    d: &Ref<Dict>,
    layout: seq::Layout<'_>,
    fields: &[(&'static str, Value)],
    hidden: &[(&str, Value)],
) -> Value {
    let class = seq::make_class(vm, layout);
    let items = fields.iter().map(|f| f.1.clone()).collect();
    let v = seq::make_with_hidden(vm, &class, items, hidden);
    set(vm, d, layout.name, v.clone());
    v
}

fn versions(vm: &mut Vm, d: &Ref<Dict>) {
    let level = vm.new_str("final");
    let fields =
        [("major", int(3)), ("minor", int(14)), ("micro", int(0)), ("releaselevel", level), ("serial", int(0))];
    let names = fields.each_ref().map(|f| f.0);
    let layout = seq::Layout { module: "sys", name: "version_info", fields: &names, hidden: &[], creatable: false };
    let version = sequence_of(vm, d, layout, &fields, &[]);
    let class = vm.types().simple_namespace.clone();
    let implementation: Value = vm.heap.alloc(&class, Instance).into();
    let (name, tag) = (vm.new_str("execmon"), vm.new_str("execmon-314"));
    for (key, v) in [("name", name), ("cache_tag", tag), ("version", version), ("hexversion", int(0x030e_00f0))] {
        let key = vm.intern(key);
        // A new namespace takes any attribute.
        let _ = vm.set_attr(&implementation, &key, v);
    }
    set(vm, d, "implementation", implementation);
}

fn limits(vm: &mut Vm, d: &Ref<Dict>) {
    let f = |vm: &Vm, x: f64| Float::value(&vm.heap, x);
    let (max, min, epsilon) = (f(vm, f64::MAX), f(vm, f64::MIN_POSITIVE), f(vm, f64::EPSILON));
    sequence(
        vm,
        d,
        "float_info",
        &[
            ("max", max),
            ("max_exp", int(1024)),
            ("max_10_exp", int(308)),
            ("min", min),
            ("min_exp", int(-1021)),
            ("min_10_exp", int(-307)),
            ("dig", int(15)),
            ("mant_dig", int(53)),
            ("epsilon", epsilon),
            ("radix", int(2)),
            ("rounds", int(1)),
        ],
    );
    sequence(
        vm,
        d,
        "int_info",
        &[
            ("bits_per_digit", int(30)),
            ("sizeof_digit", int(4)),
            ("default_max_str_digits", int(4300)),
            ("str_digits_check_threshold", Value::from_len(DIGITS_MIN)),
        ],
    );
    let algorithm = vm.new_str("multiplicative");
    sequence(
        vm,
        d,
        "hash_info",
        &[
            ("width", int(64)),
            ("modulus", int((1 << 61) - 1)),
            ("inf", int(314_159)),
            ("nan", int(0)),
            ("imag", int(1_000_003)),
            ("algorithm", algorithm),
            ("hash_bits", int(64)),
            ("seed_bits", int(0)),
            ("cutoff", int(0)),
        ],
    );
}

fn flags(vm: &mut Vm, d: &Ref<Dict>) {
    let zero = int(0);
    let names = [
        "debug",
        "inspect",
        "interactive",
        "optimize",
        "dont_write_bytecode",
        "no_user_site",
        "no_site",
        "ignore_environment",
        "verbose",
        "bytes_warning",
        "quiet",
        "hash_randomization",
        "isolated",
        "dev_mode",
        "utf8_mode",
        "warn_default_encoding",
        "safe_path",
        "int_max_str_digits",
    ];
    let fields: Vec<(&'static str, Value)> = names
        .into_iter()
        .map(|n| {
            let v = match n {
                "dont_write_bytecode" | "no_site" | "ignore_environment" | "isolated" | "utf8_mode" => int(1),
                "dev_mode" => Value::FALSE,
                "safe_path" => Value::TRUE,
                "int_max_str_digits" => int(4300),
                _ => zero.clone(),
            };
            (n, v)
        })
        .collect();
    let hidden = [("gil", int(1)), ("thread_inherit_context", int(0)), ("context_aware_warnings", int(0))];
    let layout = seq::Layout {
        module: "sys",
        name: "flags",
        fields: &names,
        hidden: &hidden.each_ref().map(|f| f.0),
        creatable: false,
    };
    sequence_of(vm, d, layout, &fields, &hidden);
}

fn addaudithook(vm: &mut Vm, a: Args<'_>) -> R {
    let [Some(hook)] = a.bind(vm, &signature("addaudithook", ["hook"], 1))? else { return Ok(Value::NONE) };
    vm.add_audit_hook(hook)?;
    Ok(Value::NONE)
}

fn audit(vm: &mut Vm, a: Args<'_>) -> R {
    let Some((event, args)) = a.pos.split_first() else {
        return Err(vm.type_error("audit() missing 1 required positional argument: 'event'"));
    };
    let Some(event) = event.downcast::<Str>() else {
        let name = vm.class_name(event);
        return Err(vm.type_error(format!("expected str for argument 'event', not {name}")));
    };
    let event = event.to_string_lossy().into_owned();
    vm.audit(&event, |_| args.to_vec())?;
    Ok(Value::NONE)
}

fn displayhook(vm: &mut Vm, a: Args<'_>) -> R {
    let v = &a.pos[0];
    if v.is_none() {
        return Ok(Value::NONE);
    }
    let text = vm.repr(v)?;
    let mut points: Vec<u32> = text.points().collect();
    points.push(10);
    let line: Value = Str::from_points(&vm.heap, &points).into();
    if let Some(out) = standard_object(vm, "stdout") {
        let write = vm.types().names.write.clone();
        vm.call_method(&out, &write, &[line])?;
    }
    let name = vm.intern("_");
    drop(vm.builtins.set_str(&vm.heap, &name, v.clone()));
    Ok(Value::NONE)
}

/// Shows an exception that nobody can catch.
fn unraisablehook(vm: &mut Vm, a: Args<'_>) -> R {
    let is_args = vm.native.unraisable_class.as_ref().is_some_and(|class| a.pos[0].class(&vm.heap).is(class));
    let args = a.pos[0].downcast::<Tuple>().filter(|_| is_args);
    let Some([_, e, _, message, object]) = args.map(|t| &t[..]) else {
        return Err(vm.type_error("sys.unraisablehook argument type must be UnraisableHookArgs"));
    };
    let given = |v: &Value| Some(v.clone()).filter(|v| !v.is_none());
    let (e, message, object) = (e.clone(), given(message), given(object));
    if !e.is_none() {
        vm.show_ignored(Exc(e), message.as_ref(), object.as_ref())?;
    }
    Ok(Value::NONE)
}

fn exc_info(vm: &mut Vm, _: Args<'_>) -> R {
    let items = match vm.handled().cloned() {
        Some(e) => {
            let class: Value = e.class(&vm.heap).clone().into();
            let traceback = e
                .downcast::<crate::object::exception::Exception>()
                .and_then(|x| x.traceback.get())
                .map_or(Value::NONE, Value::from);
            [class, e, traceback]
        }
        None => [Value::NONE, Value::NONE, Value::NONE],
    };
    Ok(Tuple::new(&vm.heap, items).into())
}

fn exception(vm: &mut Vm, _: Args<'_>) -> R {
    Ok(vm.handled().cloned().unwrap_or(Value::NONE))
}

fn exit(vm: &mut Vm, a: Args<'_>) -> R {
    let class: Value = vm.types().SystemExit.clone().into();
    let args: &[Value] = match a.get(0) {
        Some(v) if v.is_none() => &[],
        // An exception that is raised with a tuple has its items as arguments.
        Some(v) => v.downcast::<Tuple>().map_or(a.pos, |t| &t[..]),
        None => a.pos,
    };
    Err(crate::vm::Exc(vm.call(&class, args)?))
}

fn getdefaultencoding(vm: &mut Vm, _: Args<'_>) -> R {
    Ok(vm.new_str("utf-8"))
}

fn getrecursionlimit(vm: &mut Vm, _: Args<'_>) -> R {
    Ok(Value::from_len(vm.recursion_limit()))
}

fn setrecursionlimit(vm: &mut Vm, a: Args<'_>) -> R {
    match usize::try_from(vm.index_c_int(&a.pos[0])?) {
        Ok(n) if n > 0 => {
            let depth = vm.frame_count();
            if n <= depth {
                let text = format!(
                    "cannot set the recursion limit to {n} at the recursion depth {depth}: the limit is too low"
                );
                return Err(vm.recursion_error(&text));
            }
            vm.set_recursion_limit(n);
        }
        _ => return Err(vm.value_error("recursion limit must be greater or equal than 1")),
    }
    Ok(Value::NONE)
}

fn getrefcount(_: &mut Vm, a: Args<'_>) -> R {
    // Objects in the value word are never freed: CPython's number for such.
    Ok(Value::int_unchecked(a.pos[0].header().map_or(u32::MAX as i64, |h| h.count() as i64)))
}

fn getsizeof(vm: &mut Vm, a: Args<'_>) -> R {
    let [Some(v), default] = a.bind(vm, &signature("getsizeof", ["object", "default"], 1))? else {
        return Ok(Value::NONE);
    };
    let name = vm.intern("__sizeof__");
    if let Some(n) = crate::builtins::functions::numbers::call_class_method(vm, v, &name, &[])? {
        if n.as_int().is_none() {
            return Err(vm.type_error("an integer is required"));
        }
        let n = vm.index_i64(&n)?;
        if n < 0 {
            return Err(vm.value_error("__sizeof__() should return >= 0"));
        }
        return Ok(BigInt::from_i64(&vm.heap, n));
    }
    match default {
        Some(default) => Ok(default.clone()),
        None => {
            let name = vm.class_name(v);
            Err(vm.type_error(format!("Type {name} doesn't define __sizeof__")))
        }
    }
}

/// `_clear_type_descriptors(class)`: takes `__dict__` and `__weakref__` out of a class that another one replaces, as
/// `dataclasses` does.
fn clear_type_descriptors(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(class) = a.pos[0].downcast::<Type>().cloned() else {
        let got = vm.argument_class(&a.pos[0]);
        return Err(vm.type_error(format!("_clear_type_descriptors() argument must be type, not {got}")));
    };
    if !class.has(type_flags::HEAP) || class.has(type_flags::IMMUTABLE) {
        return Err(vm.type_error("argument is immutable"));
    }
    for name in ["__dict__", "__weakref__"] {
        let name = vm.intern(name);
        drop(class.dict.remove_str(&name));
    }
    class.modified();
    Ok(Value::NONE)
}

fn get_int_max_str_digits(vm: &mut Vm, _: Args<'_>) -> R {
    Ok(Value::from_len(vm.native.int_max_str_digits))
}

fn set_int_max_str_digits(vm: &mut Vm, a: Args<'_>) -> R {
    let [Some(digits)] = a.bind(vm, &signature("set_int_max_str_digits", ["maxdigits"], 1))? else {
        return Ok(Value::NONE);
    };
    match usize::try_from(vm.index_c_int(digits)?) {
        Ok(n) if n == 0 || n >= DIGITS_MIN => vm.native.int_max_str_digits = n,
        _ => return Err(vm.value_error("maxdigits must be 0 or larger than 640")),
    }
    Ok(Value::NONE)
}

fn intern(vm: &mut Vm, a: Args<'_>) -> R {
    match a.pos[0].downcast::<Str>() {
        Some(s) if s.ty().is(&vm.types().str) => Ok(vm.heap.interned.intern(s).into()),
        _ => {
            let name = vm.class_name(&a.pos[0]);
            Err(vm.type_error(match a.pos[0].downcast::<Str>() {
                Some(_) => format!("can't intern {name}"),
                None => format!("intern() argument must be str, not {name}"),
            }))
        }
    }
}

fn is_finalizing(_: &mut Vm, _: Args<'_>) -> R {
    Ok(Value::FALSE)
}

/// Sets `sys.argv` or `sys.path`.
pub fn set_list(vm: &mut Vm, sys: &Ref<Module>, name: &str, items: &[&str]) {
    let items: Vec<Value> = items.iter().map(|s| vm.new_str(s)).collect();
    let list: Value = List::new(&vm.heap, items).into();
    set(vm, &sys.dict, name, list);
}

/// `sys.<name>` as the program sees it; None while `sys` is not imported.
pub fn standard_object(vm: &Vm, name: &str) -> Option<Value> {
    let sys = vm.modules.get_str(&vm.intern("sys"))?;
    sys.downcast::<Module>()?.dict.get_str(&vm.intern(name))
}
