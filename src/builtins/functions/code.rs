//! Running code from text, and importing.

use crate::builtins::compile::{compile_bytes, compile_text, compile_tree, source_of_bytes, tree_of};
use crate::builtins::modules::ast;
use crate::compile::Mode;
use crate::compile::source::Source;
use crate::object::dict::Dict;
use crate::object::function::{Cell, Code};
use crate::object::header::Ref;
use crate::object::sequence::{Bytes, Tuple};
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def_kw};
use crate::vm::native_args::{Signature, signature};
use crate::vm::{Args, R, Vm};

pub const TABLE: &[Def] = &[
    def_kw("__build_class__", 2, ANY, build_class),
    def_kw("__import__", 0, ANY, import),
    def_kw("compile", 0, ANY, compile),
    def_kw("eval", 0, ANY, eval),
    def_kw("exec", 0, ANY, exec),
];

/// `__build_class__(body, name, *bases, **keywords)`.
fn build_class(vm: &mut Vm, a: Args<'_>) -> R {
    vm.build_class(&a.pos[0], &a.pos[1], a.pos[2..].to_vec(), a.names, a.values)
}

const IMPORT: Signature<5> = signature("__import__", ["name", "globals", "locals", "fromlist", "level"], 1);

/// `__import__(name, globals=None, locals=None, fromlist=(), level=0)`.
fn import(vm: &mut Vm, a: Args<'_>) -> R {
    let [name, globals, _, fromlist, level] = a.bind(vm, &IMPORT)?;
    let Some(name) = name.and_then(|name| name.downcast::<Str>()).cloned() else {
        return Err(vm.type_error("module name must be a string"));
    };
    let globals = match globals.and_then(|g| g.downcast::<Dict>()) {
        Some(g) => g.clone(),
        None => Dict::new(&vm.heap),
    };
    let fromlist = fromlist.cloned().unwrap_or(Value::NONE);
    let level = match level {
        Some(level) => vm.index_c_int(level)?,
        None => 0,
    };
    let Ok(level) = usize::try_from(level) else { return Err(vm.value_error("level must be >= 0")) };
    vm.import_name(&vm.heap.interned.intern(&name), &globals, &fromlist, level)
}

const COMPILE: Signature<7> = Signature {
    function: "compile",
    names: ["source", "filename", "mode", "flags", "dont_inherit", "optimize", "_feature_version"],
    required: 3,
    positional: 6,
};

/// `flags` of `compile`: the syntax tree and no code (`ast.PyCF_ONLY_AST`), and flags that change nothing here: comments
/// that name types are not read, and `from __future__` has no effect in this version but for annotations.
const ONLY_AST: i64 = 0x400;
const TYPE_COMMENTS: i64 = 0x1000;

/// All flags that CPython takes: those of `ast` and of the features of `__future__`, and DONT_IMPLY_DEDENT.
const KNOWN_FLAGS: i64 = 0x1fe_f610;

/// `compile(source, filename, mode, flags=0, dont_inherit=False, optimize=-1)`.
fn compile(vm: &mut Vm, a: Args<'_>) -> R<Value> {
    let [Some(source), Some(file), Some(mode), flags, ..] = a.bind(vm, &COMPILE)? else { return Ok(Value::NONE) };
    let Some(file) = text_of(file) else {
        let got = file.class(&vm.heap).name_str();
        return Err(vm.type_error(format!("expected str, bytes or os.PathLike object, not {got}")));
    };
    let Some(mode) = mode.downcast::<Str>() else {
        let got = vm.argument_class(mode);
        return Err(vm.type_error(format!("compile() argument 'mode' must be str, not {got}")));
    };
    let mode = match mode.as_ascii() {
        Some("exec") => Mode::Exec,
        Some("eval") => Mode::Eval,
        Some("single") => Mode::Single,
        _ => return Err(vm.value_error("compile() mode must be 'exec', 'eval' or 'single'")),
    };
    let flags = match flags {
        Some(flags) => vm.index_i64(flags)?,
        None => 0,
    };
    if flags & !KNOWN_FLAGS != 0 {
        return Err(vm.value_error("compile(): unrecognised flags"));
    }
    if flags & !(ONLY_AST | TYPE_COMMENTS) != 0 {
        return Err(vm.not_implemented_error(format!("compile() with the flags {flags:#x} is not supported yet")));
    }
    if ast::is_node(vm, source) {
        // A tree is its own tree.
        return match flags & ONLY_AST {
            0 => compile_tree(vm, &file, source, mode).map(Value::from),
            _ => Ok(source.clone()),
        };
    }
    if flags & ONLY_AST != 0 {
        return tree_value(vm, source, &file, mode);
    }
    match compile_value(vm, source, &file, mode, false) {
        Some(code) => Ok(code?.into()),
        None => Err(vm.type_error("compile() arg 1 must be a string, bytes or AST object")),
    }
}

/// `eval(source, globals=None, locals=None)`.
fn eval(vm: &mut Vm, a: Args<'_>) -> R<Value> {
    let [_, globals, locals] = a.bind(vm, &EVAL)?;
    let (globals, locals) = namespaces(vm, globals, locals, "eval")?;
    if a.pos[0].downcast::<Code>().is_some_and(|code| code.data.free_count > 0) {
        return Err(vm.type_error("code object passed to eval() may not contain free variables"));
    }
    run(vm, &a.pos[0], Mode::Eval, globals, locals, None)
}

const EVAL: Signature<3> = signature("eval", ["", "globals", "locals"], 1);

const EXEC: Signature<4> =
    Signature { function: "exec", names: ["", "globals", "locals", "closure"], required: 1, positional: 3 };

/// `exec(source, globals=None, locals=None)`.
fn exec(vm: &mut Vm, a: Args<'_>) -> R<Value> {
    let [_, globals, locals, closure] = a.bind(vm, &EXEC)?;
    let (globals, locals) = namespaces(vm, globals, locals, "exec")?;
    let closure = closing(vm, &a.pos[0], closure.filter(|c| !c.is_none()))?;
    run(vm, &a.pos[0], Mode::Exec, globals, locals, closure).map(|_| Value::NONE)
}

/// The cells for the free variables of the code that `exec` is given.
fn closing(vm: &mut Vm, source: &Value, closure: Option<&Value>) -> R<Option<Ref<Tuple>>> {
    let Some(code) = source.downcast::<Code>() else {
        return match closure {
            Some(_) => Err(vm.type_error("closure can only be used when source is a code object")),
            None => Ok(None),
        };
    };
    let wanted = code.data.free_count as usize;
    if wanted == 0 {
        return match closure {
            Some(_) => Err(vm.type_error("cannot use a closure with this code object")),
            None => Ok(None),
        };
    }
    let cells = closure.and_then(|c| c.downcast::<Tuple>()).filter(|t| t.ty().is(&vm.types().tuple));
    match cells.filter(|t| t.len() == wanted && t.iter().all(|v| v.downcast::<Cell>().is_some())) {
        Some(cells) => Ok(Some(cells.clone())),
        None => Err(vm.type_error(format!("code object requires a closure of exactly length {wanted}"))),
    }
}

fn text_of(v: &Value) -> Option<String> {
    match (v.downcast::<Str>(), v.downcast::<Bytes>()) {
        (Some(s), _) => Some(s.to_string_lossy().into_owned()),
        (_, Some(b)) => Some(String::from_utf8_lossy(&b.data).into_owned()),
        _ => None,
    }
}

/// The code of source text in a str or bytes; None where it is neither.  What is `indented` may begin with blanks.
fn compile_value(vm: &mut Vm, source: &Value, file: &str, mode: Mode, indented: bool) -> Option<R<Ref<Code>>> {
    if let Err(e) = vm.audit("compile", |vm| vec![source.clone(), vm.new_str(file)]) {
        return Some(Err(e));
    }
    let is_indent = |c: &char| indented && matches!(c, ' ' | '\t');
    if let Some(s) = source.downcast::<Str>() {
        let text = s.to_string_lossy();
        return Some(compile_text(vm, file, text.trim_start_matches(|c| is_indent(&c)), mode));
    }
    let bytes = source.downcast::<Bytes>()?;
    let indent = bytes.data.iter().take_while(|&&b| is_indent(&char::from(b))).count();
    let bytes = bytes.data[indent..].to_vec();
    Some(compile_bytes(vm, file, &bytes, mode))
}

/// The syntax tree of source text in a str or bytes.
fn tree_value(vm: &mut Vm, source: &Value, file: &str, mode: Mode) -> R<Value> {
    vm.audit("compile", |vm| vec![source.clone(), vm.new_str(file)])?;
    let source = match (source.downcast::<Str>(), source.downcast::<Bytes>()) {
        (Some(s), _) => Source::from_text(file, s.to_string_lossy()),
        (_, Some(b)) => source_of_bytes(vm, file, &b.data),
        _ => return Err(vm.type_error("compile() arg 1 must be a string, bytes or AST object")),
    };
    tree_of(vm, source, mode)
}

/// Whether the class of an object has `__getitem__`, as `PyMapping_Check` asks.
pub fn is_mapping(vm: &Vm, v: &Value) -> bool {
    v.class(&vm.heap).lookup(&vm.types().names.__getitem__).is_some()
}

/// The namespaces to run in: those given, or the caller's.
fn namespaces(vm: &mut Vm, globals: Option<&Value>, locals: Option<&Value>, function: &str) -> R<(Ref<Dict>, Value)> {
    let [globals, locals] = [globals, locals].map(|v| v.filter(|v| !v.is_none()));
    // `eval` looks at the locals first.
    if function == "eval" && locals.is_some_and(|l| !is_mapping(vm, l)) {
        return Err(vm.type_error("locals must be a mapping"));
    }
    let globals = match globals {
        None => None,
        Some(g) => match g.downcast::<Dict>() {
            Some(g) => Some(g.clone()),
            None if function == "eval" && is_mapping(vm, g) => {
                return Err(vm.type_error("globals must be a real dict; try eval(expr, {}, mapping)"));
            }
            None if function == "eval" => return Err(vm.type_error("globals must be a dict")),
            None => {
                let got = g.class(&vm.heap).name_str();
                return Err(vm.type_error(format!("exec() globals must be a dict, not {got}")));
            }
        },
    };
    let locals = match locals {
        None => None,
        Some(l) if is_mapping(vm, l) => Some(l.clone()),
        Some(l) => {
            let got = l.class(&vm.heap).name_str();
            return Err(vm.type_error(format!("locals must be a mapping or None, not {got}")));
        }
    };
    let (globals, locals) = match (globals, locals) {
        (Some(g), Some(l)) => (g, l),
        (Some(g), None) => (g.clone(), g.into()),
        (None, locals) => match (vm.current_globals(), locals.or_else(|| vm.current_locals())) {
            (Some(g), Some(l)) => (g, l),
            _ => return Err(vm.system_error(format!("{function}() needs globals and locals: no code is running"))),
        },
    };
    let name = vm.types().names.__builtins__.clone();
    if globals.get_str(&name).is_none()
        && let Some(builtins) = vm.modules.get_str(&vm.intern("builtins"))
    {
        drop(globals.set_str(&vm.heap, &name, builtins));
    }
    Ok((globals, locals))
}

/// Runs a code object, or source text that is compiled first.
fn run(
    vm: &mut Vm,
    source: &Value,
    mode: Mode,
    globals: Ref<Dict>,
    locals: Value,
    closure: Option<Ref<Tuple>>,
) -> R<Value> {
    let code = match source.downcast::<Code>() {
        Some(code) => code.clone(),
        None => match compile_value(vm, source, "<string>", mode, mode == Mode::Eval) {
            Some(code) => code?,
            None => {
                let function = if mode == Mode::Eval { "eval" } else { "exec" };
                let text = format!("{function}() arg 1 must be a string, bytes or code object");
                return Err(vm.type_error(text));
            }
        },
    };
    vm.audit("exec", |_| vec![code.to_value()])?;
    let f = vm.new_function(&code, &globals);
    f.closure.set(closure);
    vm.call_function(&f, Args::positional(&[]), Some(locals))
}
