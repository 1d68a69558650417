//! What `sys` lets a program replace: how uncaught exceptions are shown, and what `breakpoint()` does.

use super::super::set;
use crate::object::dict::Dict;
use crate::object::exception::{Exception, Traceback};
use crate::object::header::Ref;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::{Args, Exc, R, Vm};

pub(super) const TABLE: &[Def] =
    &[def_kw("breakpointhook", 0, ANY, breakpointhook), def("excepthook", 3, 3, excepthook)];

/// Keeps the originals under their names with underscores.
pub(super) fn install(vm: &mut Vm, d: &Ref<Dict>) {
    for row in TABLE {
        if let Some(hook) = d.get_str(&vm.intern(row.name)) {
            set(vm, d, &format!("__{}__", row.name), hook);
        }
    }
}

fn write_error(vm: &mut Vm, text: &str) -> R<()> {
    let Some(out) = super::standard_object(vm, "stderr").filter(|f| !f.is_none()) else { return Ok(()) };
    let (write, text) = (vm.types().names.write.clone(), vm.new_str(text));
    vm.call_method(&out, &write, &[text]).map(drop)
}

/// `excepthook(type, value, traceback)`: prints the exception with its traceback, in which `traceback` takes the place of
/// the exception's own if that has none.
fn excepthook(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(x) = a.pos[1].downcast::<Exception>() else {
        let got = vm.class_name(&a.pos[1]);
        let text = format!("TypeError: print_exception(): Exception expected for value, {got} found\n");
        write_error(vm, &text)?;
        return Ok(Value::NONE);
    };
    if let (None, Some(traceback)) = (x.traceback.get(), a.pos[2].downcast::<Traceback>()) {
        x.traceback.set(Some(traceback.clone()));
    }
    let e = Exc(a.pos[1].clone());
    let text = match vm.imports.importer.clone() {
        Some(importer) => importer.traceback_text(vm, &e),
        None => {
            let (name, text) = vm.exception_text(&e);
            text.map_or(format!("{name}\n"), |t| format!("{name}: {t}\n"))
        }
    };
    write_error(vm, &text)?;
    Ok(Value::NONE)
}

/// `breakpointhook(*args, **keywords)`: calls what the environment variable PYTHONBREAKPOINT names, `pdb.set_trace` where it
/// is not set, nothing where it is 0.
fn breakpointhook(vm: &mut Vm, a: Args<'_>) -> R {
    let named = std::env::var("PYTHONBREAKPOINT").unwrap_or_default();
    let named = match named.as_str() {
        "0" => return Ok(Value::NONE),
        "" => "pdb.set_trace",
        other => other,
    };
    let (module, function) = named.rsplit_once('.').unwrap_or(("builtins", named));
    let (module, function) = (vm.intern(module), vm.intern(function));
    let found = match vm.import_module(&module) {
        Ok(module) => vm.get_attr_opt(&module, &function)?,
        Err(e) if vm.is_exception(&e, &vm.types().ImportError) => None,
        Err(e) => return Err(e),
    };
    match found {
        Some(f) => vm.call_args(&f, a),
        None => {
            let class = vm.types().RuntimeWarning.clone();
            vm.warn(&class, &format!("Ignoring unimportable $PYTHONBREAKPOINT: \"{named}\""))?;
            Ok(Value::NONE)
        }
    }
}

/// The builtin `breakpoint(*args, **keywords)`: calls `sys.breakpointhook`.
pub fn breakpoint(vm: &mut Vm, a: Args<'_>) -> R {
    let (sys, name) = (vm.intern("sys"), vm.intern("breakpointhook"));
    let hook = match vm.modules.get_str(&sys) {
        Some(sys) => vm.get_attr_opt(&sys, &name)?,
        None => None,
    };
    let Some(hook) = hook else { return Err(vm.runtime_error("lost sys.breakpointhook")) };
    let event = "builtins.breakpoint";
    vm.audit(event, |_| vec![hook.clone()])?;
    vm.call_args(&hook, a)
}
