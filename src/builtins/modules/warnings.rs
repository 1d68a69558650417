//! `_warnings`: filters, and what becomes of a warning by them; how one is shown is the library's `warnings`' affair where
//! that has been loaded.

use super::{new, set};
use crate::object::dict::Dict;
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::sequence::{List, Tuple};
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_args::Signature;
use crate::vm::output::Stream;
use crate::vm::{Args, Exc, R, Vm};

const TABLE: &[Def] = &[
    def_kw("warn", 0, ANY, warn),
    def_kw("warn_explicit", 0, ANY, warn_explicit),
    // One thread: the lock is always free.
    def("_acquire_lock", 0, 0, |_, _| Ok(Value::NONE)),
    def("_release_lock", 0, 0, |_, _| Ok(Value::NONE)),
    def("_filters_mutated_lock_held", 0, 0, mutated),
    def("_filters_mutated", 0, 0, mutated),
];

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "_warnings", TABLE);
    let t = vm.types();
    let rows = [
        ("default", &t.DeprecationWarning, Some("__main__")),
        ("ignore", &t.DeprecationWarning, None),
        ("ignore", &t.PendingDeprecationWarning, None),
        ("ignore", &t.ImportWarning, None),
        ("ignore", &t.ResourceWarning, None),
    ]
    .map(|(action, class, module)| (action, class.to_value(), module));
    let mut filters = Vec::new();
    for (action, class, module) in rows {
        let module = module.map_or(Value::NONE, |m| vm.new_str(m));
        let row = [vm.new_str(action), Value::NONE, class, module, Value::int_unchecked(0)];
        filters.push(Tuple::new(&vm.heap, row).into());
    }
    let filters = List::new(&vm.heap, filters).into();
    let (once, action) = (Dict::new(&vm.heap).into(), vm.new_str("default"));
    let (contexts, variable) = (vm.intern("_contextvars"), vm.intern("ContextVar"));
    let contexts = vm.import_module(&contexts)?;
    let name = vm.new_str("warnings_context");
    let context = vm.call_method(&contexts, &variable, &[name])?;
    for (name, v) in
        [("filters", filters), ("_onceregistry", once), ("_defaultaction", action), ("_warnings_context", context)]
    {
        set(vm, &m.dict, name, v);
    }
    Ok(m)
}

fn mutated(vm: &mut Vm, _: Args<'_>) -> R {
    vm.native.warning_filters_version += 1;
    Ok(Value::NONE)
}

/// A name of the library's `warnings` if that has been loaded, else of `_warnings`, where it may be called otherwise.
fn setting(vm: &mut Vm, name: &str, own: &str) -> Option<Value> {
    let of = |vm: &Vm, module: &str, name: &str| {
        let module = vm.modules.get_str(&vm.intern(module))?;
        module.downcast::<Module>()?.dict.get_str(&vm.intern(name))
    };
    of(vm, "warnings", name).or_else(|| of(vm, "_warnings", own))
}

/// What a warning is about.
struct Warning {
    message: Value,
    text: Value,
    category: Ref<Type>,
    file: Value,
    line: i64,
    module: Value,
    registry: Option<Ref<Dict>>,
    source: Value,
}

/// Message and category of a warning: an instance of a category is its own text.
fn message_of(vm: &mut Vm, message: &Value, category: Option<&Value>) -> R<(Value, Value, Ref<Type>)> {
    let base = vm.types().Warning.clone();
    if message.class(&vm.heap).is_subclass(&base) {
        let text = vm.str(message)?.into();
        return Ok((message.clone(), text, message.class(&vm.heap).clone()));
    }
    let category = match category.filter(|c| !c.is_none()) {
        None => vm.types().UserWarning.clone(),
        Some(c) => match c.downcast::<Type>().filter(|c| c.is_subclass(&base)) {
            Some(c) => c.clone(),
            None => {
                let got = vm.class_name(c);
                return Err(vm.type_error(format!("category must be a Warning subclass, not '{got}'")));
            }
        },
    };
    let made = vm.call(category.as_value(), std::slice::from_ref(message))?;
    Ok((made, message.clone(), category))
}

/// `warn(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=())`.
fn warn(vm: &mut Vm, a: Args<'_>) -> R {
    let names = ["message", "category", "stacklevel", "source", "skip_file_prefixes"];
    let [message, category, level, source, skip] =
        a.bind(vm, &Signature { function: "warn", names, required: 1, positional: 4 })?;
    let (message, text, category) = message_of(vm, message.unwrap_or(&Value::NONE), category)?;
    let mut level = level.map_or(Ok(1), |v| vm.index_i64(v))?;
    let skip = match skip {
        Some(skip) => vm.collect(skip)?,
        None => Vec::new(),
    };
    if !skip.is_empty() {
        level = level.max(2);
    }
    let frame = frame_of(vm, level, &skip)?;
    let (globals, file, line) = match frame {
        Some(f) => {
            let part = |vm: &mut Vm, name: &str| {
                let name = vm.intern(name);
                vm.get_attr(&f, &name)
            };
            let (globals, line) = (part(vm, "f_globals")?, part(vm, "f_lineno")?);
            let file = file_of(vm, &f)?;
            (globals.downcast::<Dict>().cloned(), file, line.as_small_int().unwrap_or(0))
        }
        None => (None, vm.new_str("<sys>"), 0),
    };
    let (mut module, mut registry) = (vm.new_str("sys"), None);
    if let Some(globals) = globals {
        let name = globals.get_str(&vm.types().names.__name__).filter(|n| n.downcast::<Str>().is_some());
        module = name.unwrap_or_else(|| vm.new_str("<string>"));
        let key = vm.intern("__warningregistry__");
        let known = globals.get_str(&key).unwrap_or_else(|| {
            let new: Value = Dict::new(&vm.heap).into();
            drop(globals.set_str(&vm.heap, &key, new.clone()));
            new
        });
        registry = known.downcast::<Dict>().cloned();
    }
    let source = source.cloned().unwrap_or(Value::NONE);
    let w = Warning { message, text, category, file, line, module, registry, source };
    decide(vm, &w)?;
    Ok(Value::NONE)
}

fn file_of(vm: &mut Vm, frame: &Value) -> R {
    let (code, file) = (vm.intern("f_code"), vm.intern("co_filename"));
    let code = vm.get_attr(frame, &code)?;
    vm.get_attr(&code, &file)
}

/// The frame that a warning is about: `level` frames out, where those of the import machinery and of files with the given
/// prefixes do not count.
fn frame_of(vm: &mut Vm, level: i64, skip: &[Value]) -> R<Option<Value>> {
    let outer = vm.intern("f_back");
    let Some(mut frame) = vm.top_frame_object() else { return Ok(None) };
    for _ in 1..level {
        loop {
            frame = vm.get_attr(&frame, &outer)?;
            if frame.is_none() {
                return Ok(None);
            }
            let file = file_of(vm, &frame)?;
            let file = vm.str(&file)?.to_string();
            let internal = file.contains("importlib") && file.contains("_bootstrap");
            let skipped = skip.iter().filter_map(|p| p.downcast::<Str>()).any(|p| file.starts_with(&p.to_string()));
            if !internal && !skipped {
                break;
            }
        }
    }
    Ok(Some(frame))
}

/// `warn_explicit(message, category, filename, lineno, module=None, registry=None, module_globals=None, source=None)`.
fn warn_explicit(vm: &mut Vm, a: Args<'_>) -> R {
    let names = ["message", "category", "filename", "lineno", "module", "registry", "module_globals", "source"];
    let [message, category, file, line, module, registry, _, source] =
        a.bind(vm, &Signature { function: "warn_explicit", names, required: 4, positional: 8 })?;
    let (message, text, category) = message_of(vm, message.unwrap_or(&Value::NONE), category)?;
    let file = file.cloned().unwrap_or(Value::NONE);
    let module = match module.filter(|m| !m.is_none()) {
        Some(m) => m.clone(),
        None => {
            let name = vm.str(&file)?.to_string();
            vm.new_str(if name.is_empty() { "<unknown>" } else { name.strip_suffix(".py").unwrap_or(&name) })
        }
    };
    let registry = match registry.filter(|r| !r.is_none()) {
        None => None,
        Some(r) => match r.downcast::<Dict>() {
            Some(d) => Some(d.clone()),
            None => return Err(vm.type_error("'registry' must be a dict or None")),
        },
    };
    let line = line.map_or(Ok(0), |v| vm.index_c_int(v))?.into();
    let source = source.cloned().unwrap_or(Value::NONE);
    decide(vm, &Warning { message, text, category, file, line, module, registry, source })?;
    Ok(Value::NONE)
}

/// Whether a registry knows a warning already; a registry of before a change of the filters knows nothing.
fn known(vm: &mut Vm, registry: &Ref<Dict>, key: &Value, enter: bool) -> R<bool> {
    let (name, version) = (vm.intern("version"), vm.native.warning_filters_version);
    if registry.get_str(&name).and_then(|v| v.as_small_int()) != Some(version) {
        registry.clear_all(&vm.heap);
        drop(registry.set_str(&vm.heap, &name, Value::int_unchecked(version)));
    } else if let Some(v) = vm.dict_get(registry, key)?
        && vm.truth(&v)?
    {
        return Ok(true);
    }
    if enter {
        vm.dict_set(registry, key.clone(), Value::TRUE)?;
    }
    Ok(false)
}

fn decide(vm: &mut Vm, w: &Warning) -> R<()> {
    let line = Value::int_unchecked(w.line);
    let key: Value = Tuple::new(&vm.heap, [w.text.clone(), w.category.to_value(), line]).into();
    if let Some(registry) = &w.registry
        && known(vm, registry, &key, false)?
    {
        return Ok(());
    }
    let (action, row) = action_of(vm, w)?;
    let action_text = vm.str(&action)?.to_string();
    let without_line = || [w.text.clone(), w.category.to_value(), Value::int_unchecked(0)];
    let seen = match action_text.as_str() {
        "error" => return Err(Exc(w.message.clone())),
        "ignore" => return Ok(()),
        "always" | "all" => false,
        "default" | "once" | "module" => {
            if let Some(registry) = &w.registry {
                vm.dict_set(registry, key, Value::TRUE)?;
            }
            let registry = match action_text.as_str() {
                "once" => setting(vm, "onceregistry", "_onceregistry").and_then(|d| d.downcast::<Dict>().cloned()),
                "module" => w.registry.clone(),
                _ => None,
            };
            match registry {
                Some(registry) => {
                    let key = Tuple::new(&vm.heap, without_line()).into();
                    known(vm, &registry, &key, true)?
                }
                None => false,
            }
        }
        _ => {
            let shown = (vm.repr(&action)?, vm.repr(&row)?);
            return Err(
                vm.runtime_error(format!("Unrecognized action ({}) in warnings.filters:\n {}", shown.0, shown.1))
            );
        }
    };
    if seen { Ok(()) } else { show(vm, w) }
}

/// The action of the first filter that fits, and that filter.
fn action_of(vm: &mut Vm, w: &Warning) -> R<(Value, Value)> {
    let filters = setting(vm, "filters", "filters").unwrap_or(Value::NONE);
    let Some(filters) = filters.downcast::<List>().cloned() else {
        return Err(vm.value_error("_warnings.filters must be a list"));
    };
    let mut i = 0;
    while let Some(row) = filters.get(i) {
        i += 1;
        let Some([action, message, category, module, line]) = row.downcast::<Tuple>().map(|t| &t[..]) else {
            return Err(vm.value_error(format!("_warnings.filters item {} isn't a 5-tuple", i - 1)));
        };
        let line = vm.index_i64(line)?;
        if fits(vm, message, &w.text)?
            && vm.issubclass(w.category.as_value(), category)?
            && fits(vm, module, &w.module)?
            && (line == 0 || line == w.line)
        {
            return Ok((action.clone(), row.clone()));
        }
    }
    let action = setting(vm, "defaultaction", "_defaultaction");
    Ok((action.unwrap_or_else(|| vm.new_str("default")), Value::NONE))
}

/// Whether a filter's str is equal to a text, or its pattern matches it; None fits all.
fn fits(vm: &mut Vm, pattern: &Value, text: &Value) -> R<bool> {
    if pattern.is_none() {
        return Ok(true);
    }
    if pattern.downcast::<Str>().is_some() {
        return vm.eq(pattern, text);
    }
    let name = vm.intern("match");
    let found = vm.call_method(pattern, &name, std::slice::from_ref(text))?;
    vm.truth(&found)
}

fn show(vm: &mut Vm, w: &Warning) -> R<()> {
    let (show, message) = (setting(vm, "_showwarnmsg", ""), setting(vm, "WarningMessage", ""));
    let line = Value::int_unchecked(w.line);
    if let (Some(show), Some(class)) = (show, message) {
        let args = [w.message.clone(), w.category.to_value(), w.file.clone(), line];
        let (names, values) = ([vm.intern("source").into()], [w.source.clone()]);
        let made = vm.call_args(&class, Args { pos: &args, names: &names, values: &values })?;
        return vm.call(&show, &[made]).map(drop);
    }
    let (file, text) = (vm.str(&w.file)?.to_string(), vm.str(&w.text)?);
    let source = vm.imports.importer.clone().and_then(|i| i.source_line(&file, u32::try_from(w.line).ok()?));
    let source = source.map(|line| format!("  {}\n", line.trim())).unwrap_or_default();
    let all = format!("{file}:{}: {}: {text}\n{source}", w.line, w.category.own_name());
    let _ = vm.write_stream(Stream::Stderr, all.as_bytes());
    Ok(())
}
