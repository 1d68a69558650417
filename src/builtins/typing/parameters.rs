//! `TypeVar`, `ParamSpec`, `TypeVarTuple`, and `P.args` and `P.kwargs`.

use super::{OR, ask_typing, calling_module, evaluator, items};
use crate::object::header::Ref;
use crate::object::sequence::{List, Tuple};
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::type_params::{Lazy, ParamSpecPart, SpecialForm, TypeParam, Variance};
use crate::vm::{Args, R, Vm};

pub(super) fn install(vm: &mut Vm) {
    let t = vm.types();
    let (var, spec, tuple) = (t.type_var.clone(), t.param_spec.clone(), t.type_var_tuple.clone());
    for class in [&var, &spec, &tuple] {
        common(vm, class);
    }
    for class in [&var, &spec] {
        bounded(vm, class);
    }
    vm.add_static(&var, &[def_kw("__new__", 1, ANY, new_type_var)]);
    vm.add_static(&spec, &[def_kw("__new__", 1, ANY, new_param_spec)]);
    vm.add_static(&tuple, &[def_kw("__new__", 1, ANY, new_type_var_tuple)]);
    vm.add_getset(
        &var,
        "__constraints__",
        |vm, a| {
            let none = Tuple::new(&vm.heap, []).into();
            let p = this(vm, a)?;
            vm.force(&p.constraints, none)
        },
        None,
    );
    vm.add_getset(
        &var,
        "evaluate_bound",
        |vm, a| {
            let p = this(vm, a)?;
            evaluator(vm, &p.bound)
        },
        None,
    );
    vm.add_getset(
        &var,
        "evaluate_constraints",
        |vm, a| {
            let p = this(vm, a)?;
            evaluator(vm, &p.constraints)
        },
        None,
    );
    vm.add_methods(
        &var,
        &[def("__typing_subst__", 2, 2, |vm, a| substituted(vm, a, "_typevar_subst")), {
            def("__typing_prepare_subst__", 3, 3, prepare_type_var)
        }],
    );
    vm.add_methods(
        &spec,
        &[
            def("__typing_subst__", 2, 2, |vm, a| substituted(vm, a, "_paramspec_subst")),
            def("__typing_prepare_subst__", 3, 3, prepare_param_spec),
        ],
    );
    vm.add_getset(&spec, "args", |vm, a| part(vm, a, true), None);
    vm.add_getset(&spec, "kwargs", |vm, a| part(vm, a, false), None);
    vm.add_methods(
        &tuple,
        &[
            def("__typing_subst__", 2, 2, |vm, _| {
                Err(vm.type_error("Substitution of bare TypeVarTuple is not supported"))
            }),
            def("__typing_prepare_subst__", 3, 3, prepare_type_var_tuple),
            def("__iter__", 1, 1, unpacked),
        ],
    );
    parts(vm);
    let form = vm.types().special_form.clone();
    vm.add_methods(
        &form,
        &[def("__repr__", 1, 1, |vm, a| {
            let name = a.pos[0].opaque::<SpecialForm>().map_or("", |form| form.0);
            Ok(vm.new_str(name))
        })],
    );
    let class = vm.types().no_default_type.clone();
    vm.add_static(&class, &[def("__new__", 1, 1, |vm, _| Ok(no_default(vm)))]);
    vm.add_methods(
        &class,
        &[
            def("__repr__", 1, 1, |vm, _| Ok(vm.new_str("typing.NoDefault"))),
            def("__reduce__", 1, 1, |vm, _| Ok(vm.new_str("NoDefault"))),
        ],
    );
}

fn this<'a>(vm: &mut Vm, a: Args<'a>) -> R<&'a TypeParam> {
    match a.get(0).and_then(|v| v.opaque::<TypeParam>()) {
        Some(p) => Ok(p),
        None => Err(vm.type_error("descriptor requires a type parameter")),
    }
}

/// `typing.NoDefault`.
pub fn no_default(vm: &mut Vm) -> Value {
    if let Some(v) = vm.native.no_default.clone() {
        return v;
    }
    let v = vm.new_instance(&vm.types().no_default_type.clone());
    vm.native.no_default = Some(v.clone());
    v
}

/// What the three kinds have.
fn common(vm: &mut Vm, class: &Ref<Type>) {
    crate::builtins::callables::add_dict(vm, class);
    vm.add_member(class, "__name__", |vm, a| Ok(this(vm, a)?.name.clone()), None);
    vm.add_getset(
        class,
        "__default__",
        |vm, a| {
            let otherwise = no_default(vm);
            let p = this(vm, a)?;
            vm.force(&p.default, otherwise)
        },
        None,
    );
    vm.add_getset(
        class,
        "evaluate_default",
        |vm, a| {
            let p = this(vm, a)?;
            evaluator(vm, &p.default)
        },
        None,
    );
    vm.add_methods(
        class,
        &[
            def("__repr__", 1, 1, repr),
            def("__reduce__", 1, 1, |vm, a| Ok(this(vm, a)?.name.clone())),
            def("has_default", 1, 1, |vm, a| Ok(Value::bool(this(vm, a)?.default.is_set()))),
            def("__mro_entries__", 2, 2, no_base),
        ],
    );
}

fn no_base(vm: &mut Vm, a: Args<'_>) -> R {
    let class = a.pos[0].class(&vm.heap).own_name();
    Err(vm.type_error(format!("Cannot subclass an instance of {class}")))
}

/// What those have that can be bounded.
fn bounded(vm: &mut Vm, class: &Ref<Type>) {
    vm.add_methods(class, OR);
    vm.add_member(class, "__covariant__", |vm, a| Ok(Value::bool(this(vm, a)?.variance == Variance::Covariant)), None);
    vm.add_member(
        class,
        "__contravariant__",
        |vm, a| Ok(Value::bool(this(vm, a)?.variance == Variance::Contravariant)),
        None,
    );
    vm.add_member(
        class,
        "__infer_variance__",
        |vm, a| Ok(Value::bool(this(vm, a)?.variance == Variance::Inferred)),
        None,
    );
    vm.add_getset(
        class,
        "__bound__",
        |vm, a| {
            let p = this(vm, a)?;
            vm.force(&p.bound, Value::NONE)
        },
        None,
    );
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let p = this(vm, a)?;
    let sign = match p.variance {
        Variance::Inferred => return Ok(p.name.clone()),
        Variance::Covariant => '+',
        Variance::Contravariant => '-',
        Variance::Invariant => '~',
    };
    let name = vm.str(&p.name)?;
    Ok(vm.new_str(&format!("{sign}{name}")))
}

// ---- constructors

/// The parameters of the three constructors, the class left out, with the positional arguments behind the name.
struct Given<'a> {
    name: &'a Value,
    rest: &'a [Value],
    bound: Option<&'a Value>,
    default: Option<&'a Value>,
    variance: Variance,
}

fn given<'a>(vm: &mut Vm, a: Args<'a>, class: &str, known: &[&str]) -> R<Given<'a>> {
    a.check_keywords(vm, class, known)?;
    let name = a.get_or_keyword(1, "name");
    let Some(name) = name else {
        return Err(vm.type_error(format!("{class}() missing required argument 'name' (pos 1)")));
    };
    if name.downcast::<Str>().is_none() {
        let got = vm.argument_class(name);
        return Err(vm.type_error(format!("{class}() argument 'name' must be str, not {got}")));
    }
    let mut flag = |name: &str| a.keyword(name).map_or(Ok(false), |v| vm.truth(v));
    let (co, contra, infer) = (flag("covariant")?, flag("contravariant")?, flag("infer_variance")?);
    let variance = match (co, contra, infer) {
        (true, true, _) => return Err(vm.value_error("Bivariant types are not supported.")),
        (true, _, true) | (_, true, true) => {
            return Err(vm.value_error("Variance cannot be specified with infer_variance."));
        }
        (true, ..) => Variance::Covariant,
        (_, true, _) => Variance::Contravariant,
        (.., true) => Variance::Inferred,
        _ => Variance::Invariant,
    };
    let none = no_default(vm);
    Ok(Given {
        name,
        rest: a.pos.get(2..).unwrap_or_default(),
        bound: a.keyword("bound").filter(|v| !v.is_none()),
        default: a.keyword("default").filter(|v| !v.is(&none)),
        variance,
    })
}

/// A new parameter, which remembers the module that calls.
fn make(vm: &mut Vm, class: &Ref<Type>, p: TypeParam) -> R {
    let made = vm.new_opaque(class, p);
    let (name, module) = (vm.types().names.__module__.clone(), calling_module(vm));
    vm.instance_set(&made, &name, module);
    Ok(made)
}

/// A bound, which the library's `typing` checks.
fn checked_bound(vm: &mut Vm, bound: Option<&Value>) -> R<Lazy> {
    let Some(bound) = bound else { return Ok(Lazy::default()) };
    let text = vm.new_str("Bound must be a type.");
    let checked = ask_typing(vm, "_type_check", Args::positional(&[bound.clone(), text]))?;
    Ok(Lazy::known(Some(checked.unwrap_or_else(|| bound.clone()))))
}

/// `TypeVar(name, *constraints, bound=None, default=NoDefault, covariant=False, contravariant=False,
/// infer_variance=False)`.
fn new_type_var(vm: &mut Vm, a: Args<'_>) -> R {
    const KNOWN: [&str; 6] = ["name", "bound", "default", "covariant", "contravariant", "infer_variance"];
    let g = given(vm, a, "typevar", &KNOWN)?;
    let bound = checked_bound(vm, g.bound)?;
    if g.rest.len() == 1 {
        return Err(vm.type_error("A single constraint is not allowed"));
    }
    if !g.rest.is_empty() && g.bound.is_some() {
        return Err(vm.type_error("Constraints cannot be combined with bound=..."));
    }
    let constraints = if g.rest.is_empty() { None } else { Some(Tuple::new(&vm.heap, g.rest.to_vec()).into()) };
    let p = TypeParam {
        name: g.name.clone(),
        bound,
        constraints: Lazy::known(constraints),
        default: Lazy::known(g.default.cloned()),
        variance: g.variance,
    };
    make(vm, &vm.types().type_var.clone(), p)
}

/// `ParamSpec(name, *, bound=None, default=NoDefault, covariant=False, contravariant=False, infer_variance=False)`.
fn new_param_spec(vm: &mut Vm, a: Args<'_>) -> R {
    const KNOWN: [&str; 6] = ["name", "bound", "default", "covariant", "contravariant", "infer_variance"];
    let g = given(vm, a, "paramspec", &KNOWN)?;
    name_only(vm, &g, "paramspec")?;
    let bound = checked_bound(vm, g.bound)?;
    let p = TypeParam {
        name: g.name.clone(),
        bound,
        constraints: Lazy::default(),
        default: Lazy::known(g.default.cloned()),
        variance: g.variance,
    };
    make(vm, &vm.types().param_spec.clone(), p)
}

/// `TypeVarTuple(name, *, default=NoDefault)`.
fn new_type_var_tuple(vm: &mut Vm, a: Args<'_>) -> R {
    let g = given(vm, a, "typevartuple", &["name", "default"])?;
    name_only(vm, &g, "typevartuple")?;
    let p = TypeParam {
        name: g.name.clone(),
        bound: Lazy::default(),
        constraints: Lazy::default(),
        default: Lazy::known(g.default.cloned()),
        variance: Variance::Inferred,
    };
    make(vm, &vm.types().type_var_tuple.clone(), p)
}

fn name_only(vm: &mut Vm, g: &Given<'_>, class: &str) -> R<()> {
    if g.rest.is_empty() {
        return Ok(());
    }
    let n = g.rest.len() + 1;
    Err(vm.type_error(format!("{class}() takes exactly 1 positional argument ({n} given)")))
}

// ---- substitution

/// What stands for a parameter: the argument, as the library's `typing` has it.
fn substituted(vm: &mut Vm, a: Args<'_>, function: &str) -> R {
    Ok(ask_typing(vm, function, a)?.unwrap_or_else(|| a.pos[1].clone()))
}

/// The parameters of the alias of a `__typing_prepare_subst__(alias, args)`, and where the receiver is among them.
fn place(vm: &mut Vm, a: Args<'_>) -> R<(Vec<Value>, usize)> {
    let name = vm.types().names.__parameters__.clone();
    let parameters = vm.get_attr(&a.pos[1], &name)?;
    let parameters = vm.collect(&parameters)?;
    match parameters.iter().position(|p| p.is(&a.pos[0])) {
        Some(at) => Ok((parameters, at)),
        None => Err(vm.value_error("the type parameter is none of the alias")),
    }
}

fn too_few(vm: &mut Vm, alias: &Value, more: &str) -> R {
    let shown = vm.str(alias)?;
    Err(vm.type_error(format!("Too few arguments for {shown}{more}")))
}

/// Adds the default where the arguments end before the parameter.
fn prepare_type_var(vm: &mut Vm, a: Args<'_>) -> R {
    let (_, at) = place(vm, a)?;
    let mut args = items(&a.pos[2]);
    if at != args.len() {
        return Ok(a.pos[2].clone());
    }
    let p = this(vm, a)?;
    if !p.default.is_set() {
        return too_few(vm, &a.pos[1], "");
    }
    args.push(vm.force(&p.default, Value::NONE)?);
    Ok(Tuple::new(&vm.heap, args).into())
}

/// One list of types stands for a parameter specification; for the only one the list itself may be left out.
fn prepare_param_spec(vm: &mut Vm, a: Args<'_>) -> R {
    if let Some(answer) = ask_typing(vm, "_paramspec_prepare_subst", a)? {
        return Ok(answer);
    }
    let (parameters, at) = place(vm, a)?;
    let mut args = items(&a.pos[2]);
    let p = this(vm, a)?;
    if at == args.len() && p.default.is_set() {
        args.push(vm.force(&p.default, Value::NONE)?);
    }
    if at >= args.len() {
        return too_few(vm, &a.pos[1], "");
    }
    if let Some(list) = args[at].downcast::<List>() {
        let list = Tuple::new(&vm.heap, list.to_vec()).into();
        args[at] = list;
    } else if parameters.len() == 1 && !is_parameter_list(&args[at]) {
        args = vec![Tuple::new(&vm.heap, args).into()];
    }
    Ok(Tuple::new(&vm.heap, args).into())
}

fn is_parameter_list(v: &Value) -> bool {
    v.downcast::<Tuple>().is_some() || v.is(&Value::ELLIPSIS) || v.opaque::<TypeParam>().is_some()
}

/// The arguments that fall to the tuple of parameters become one tuple.
fn prepare_type_var_tuple(vm: &mut Vm, a: Args<'_>) -> R {
    if let Some(answer) = ask_typing(vm, "_typevartuple_prepare_subst", a)? {
        return Ok(answer);
    }
    let (parameters, left) = place(vm, a)?;
    let mut args = items(&a.pos[2]);
    let right = parameters.len() - left - 1;
    if left + right > args.len() {
        let (n, least) = (args.len(), parameters.len() - 1);
        return too_few(vm, &a.pos[1], &format!("; actual {n}, expected at least {least}"));
    }
    let middle: Vec<Value> = args.drain(left..args.len() - right).collect();
    let p = this(vm, a)?;
    let middle = match middle.is_empty() && p.default.is_set() {
        true => items(&vm.force(&p.default, Value::NONE)?),
        false => middle,
    };
    args.insert(left, Tuple::new(&vm.heap, middle).into());
    Ok(Tuple::new(&vm.heap, args).into())
}

/// `*Ts`: an iterator over `Unpack[Ts]` alone.
fn unpacked(vm: &mut Vm, a: Args<'_>) -> R {
    let unpack = vm.unpack_of(&a.pos[0])?;
    let one = Tuple::new(&vm.heap, [unpack]).into();
    vm.iter(&one)
}

// ---- P.args and P.kwargs

fn parts(vm: &mut Vm) {
    for (class, positional) in
        [(vm.types().param_spec_args.clone(), true), (vm.types().param_spec_kwargs.clone(), false)]
    {
        vm.add_getset(
            &class,
            "__origin__",
            |_, a| Ok(a.pos[0].opaque::<ParamSpecPart>().map_or(Value::NONE, |p| p.origin.clone())),
            None,
        );
        vm.add_methods(&class, &[def("__eq__", 2, 2, part_eq), def("__mro_entries__", 2, 2, no_base)]);
        let (new, repr): (Def, Def) = match positional {
            true => (
                def_kw("__new__", 1, ANY, |vm, a| new_part(vm, a, true)),
                def("__repr__", 1, 1, |vm, a| part_repr(vm, a, "args")),
            ),
            false => (
                def_kw("__new__", 1, ANY, |vm, a| new_part(vm, a, false)),
                def("__repr__", 1, 1, |vm, a| part_repr(vm, a, "kwargs")),
            ),
        };
        vm.add_static(&class, &[new]);
        vm.add_methods(&class, &[repr]);
    }
}

fn part_class(vm: &Vm, positional: bool) -> Ref<Type> {
    let t = vm.types();
    if positional { t.param_spec_args.clone() } else { t.param_spec_kwargs.clone() }
}

fn part(vm: &mut Vm, a: Args<'_>, positional: bool) -> R {
    Ok(vm.new_opaque(&part_class(vm, positional), ParamSpecPart { origin: a.pos[0].clone() }))
}

/// `ParamSpecArgs(origin)`.
fn new_part(vm: &mut Vm, a: Args<'_>, positional: bool) -> R {
    let name = if positional { "paramspecargs" } else { "paramspeckwargs" };
    let signature = crate::vm::native_args::signature(name, ["origin"], 1);
    let [origin] = a.rest().bind(vm, &signature)?;
    let origin = origin.cloned().unwrap_or(Value::NONE);
    Ok(vm.new_opaque(&part_class(vm, positional), ParamSpecPart { origin }))
}

fn part_repr(vm: &mut Vm, a: Args<'_>, suffix: &str) -> R {
    let origin = a.pos[0].opaque::<ParamSpecPart>().map_or(Value::NONE, |p| p.origin.clone());
    let text = match origin.opaque::<TypeParam>() {
        Some(p) => vm.str(&p.name)?.to_string(),
        None => vm.repr(&origin)?.to_string(),
    };
    Ok(vm.new_str(&format!("{text}.{suffix}")))
}

fn part_eq(vm: &mut Vm, a: Args<'_>) -> R {
    let same_class = a.pos[0].class(&vm.heap).is(a.pos[1].class(&vm.heap));
    match (a.pos[0].opaque::<ParamSpecPart>(), a.pos[1].opaque::<ParamSpecPart>()) {
        (Some(x), Some(y)) if same_class => vm.eq(&x.origin, &y.origin).map(Value::bool),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}
