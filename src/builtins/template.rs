//! `string.templatelib.Template` and `Interpolation`: what a t-string gives.

use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::template::{Interpolation, Template};
use crate::vm::{Args, R, Vm};

pub(super) fn install(vm: &mut Vm) {
    let class = vm.types().template.clone();
    vm.add_static(&class, &[def_kw("__new__", 1, ANY, new_template)]);
    vm.add_getset(&class, "strings", |vm, a| Ok(template(vm, a)?.strings.clone()), Some(read_only));
    vm.add_getset(&class, "interpolations", |vm, a| Ok(template(vm, a)?.interpolations.clone()), Some(read_only));
    vm.add_getset(&class, "values", values, Some(read_only));
    vm.add_methods(
        &class,
        &[def("__repr__", 1, 1, template_repr), def("__iter__", 1, 1, iter), def("__add__", 2, 2, add)],
    );
    vm.add_class_methods(&class, &[def("__class_getitem__", 2, 2, |vm, a| vm.new_generic_alias(&a.pos[0], &a.pos[1]))]);
    let class = vm.types().interpolation.clone();
    vm.add_static(&class, &[def_kw("__new__", 1, 5, new_interpolation)]);
    vm.add_getset(&class, "value", |vm, a| Ok(interpolation(vm, a)?.value.clone()), Some(read_only));
    vm.add_getset(&class, "expression", |vm, a| Ok(interpolation(vm, a)?.expression.clone()), Some(read_only));
    vm.add_getset(&class, "conversion", |vm, a| Ok(interpolation(vm, a)?.conversion.clone()), Some(read_only));
    vm.add_getset(&class, "format_spec", |vm, a| Ok(interpolation(vm, a)?.format_spec.clone()), Some(read_only));
    vm.add_methods(&class, &[def("__repr__", 1, 1, interpolation_repr)]);
    vm.add_class_methods(&class, &[def("__class_getitem__", 2, 2, |vm, a| vm.new_generic_alias(&a.pos[0], &a.pos[1]))]);
    let names = ["value", "expression", "conversion", "format_spec"].map(|n| vm.intern(n).to_value());
    let names = Tuple::new(&vm.heap, names).into();
    drop(class.dict.set_str(&vm.heap, &vm.types().names.__match_args__, names));
}

fn read_only(vm: &mut Vm, _: Args<'_>) -> R {
    Err(vm.attribute_error_text("readonly attribute"))
}

fn template<'a>(vm: &mut Vm, a: Args<'a>) -> R<&'a Template> {
    match a.get(0).and_then(|v| v.opaque::<Template>()) {
        Some(t) => Ok(t),
        None => Err(vm.type_error("descriptor requires a 'string.templatelib.Template' object")),
    }
}

fn interpolation<'a>(vm: &mut Vm, a: Args<'a>) -> R<&'a Interpolation> {
    match a.get(0).and_then(|v| v.opaque::<Interpolation>()) {
        Some(i) => Ok(i),
        None => Err(vm.type_error("descriptor requires a 'string.templatelib.Interpolation' object")),
    }
}

fn items(v: &Value) -> Vec<Value> {
    v.downcast::<Tuple>().map(|t| t.to_vec()).unwrap_or_default()
}

fn concat(vm: &mut Vm, a: &Value, b: &Value) -> R {
    vm.binary(crate::code::BinaryOp::Add, a, b)
}

/// `Template(*parts)`: strings side by side become one.
fn new_template(vm: &mut Vm, a: Args<'_>) -> R {
    if !a.names.is_empty() {
        return Err(vm.type_error("Template.__new__ only accepts *args arguments"));
    }
    let empty = vm.new_str("");
    let (mut strings, mut fields) = (vec![empty.clone()], Vec::new());
    for part in &a.pos[1..] {
        if part.opaque::<Interpolation>().is_some() {
            fields.push(part.clone());
            strings.push(empty.clone());
        } else if part.downcast::<Str>().is_some() {
            let last = strings.pop().unwrap_or_else(|| empty.clone());
            strings.push(concat(vm, &last, part)?);
        } else {
            let got = vm.class_name(part);
            return Err(
                vm.type_error(format!("Template.__new__ *args need to be of type 'str' or 'Interpolation', got {got}"))
            );
        }
    }
    Ok(build(vm, strings, fields))
}

fn build(vm: &mut Vm, strings: Vec<Value>, fields: Vec<Value>) -> Value {
    let (strings, fields) = (Tuple::new(&vm.heap, strings), Tuple::new(&vm.heap, fields));
    vm.build_template(strings.into(), fields.into())
}

fn values(vm: &mut Vm, a: Args<'_>) -> R {
    let fields = items(&template(vm, a)?.interpolations);
    let values = fields.iter().filter_map(|i| i.opaque::<Interpolation>()).map(|i| i.value.clone()).collect::<Vec<_>>();
    Ok(Tuple::new(&vm.heap, values).into())
}

fn template_repr(vm: &mut Vm, a: Args<'_>) -> R {
    let t = template(vm, a)?;
    let (strings, fields) = (t.strings.clone(), t.interpolations.clone());
    let text = format!("Template(strings={}, interpolations={})", vm.repr(&strings)?, vm.repr(&fields)?);
    Ok(vm.new_str(&text))
}

/// Strings that are not empty and interpolations, in their order.
fn iter(vm: &mut Vm, a: Args<'_>) -> R {
    let t = template(vm, a)?;
    let (strings, fields) = (items(&t.strings), items(&t.interpolations));
    let mut parts = Vec::with_capacity(strings.len() + fields.len());
    let mut fields = fields.into_iter();
    for s in strings {
        if s.downcast::<Str>().is_some_and(|s| !s.is_empty()) {
            parts.push(s);
        }
        parts.extend(fields.next());
    }
    let parts = Tuple::new(&vm.heap, parts).into();
    vm.iter(&parts)
}

/// `template + template`.
fn add(vm: &mut Vm, a: Args<'_>) -> R {
    let left = template(vm, a)?;
    let Some(right) = a.pos[1].opaque::<Template>() else {
        let got = vm.class_name(&a.pos[1]);
        return Err(vm.type_error(format!(
            "can only concatenate string.templatelib.Template (not \"{got}\") to string.templatelib.Template"
        )));
    };
    let (mut strings, more) = (items(&left.strings), items(&right.strings));
    let mut fields = items(&left.interpolations);
    fields.extend(items(&right.interpolations));
    let mut more = more.into_iter();
    if let (Some(last), Some(first)) = (strings.pop(), more.next()) {
        strings.push(concat(vm, &last, &first)?);
    }
    strings.extend(more);
    Ok(build(vm, strings, fields))
}

/// `Interpolation(value, expression='', conversion=None, format_spec='')`.
fn new_interpolation(vm: &mut Vm, a: Args<'_>) -> R {
    a.check_keywords(vm, "Interpolation", &["value", "expression", "conversion", "format_spec"])?;
    let Some(value) = a.get_or_keyword(1, "value") else {
        return Err(vm.type_error("Interpolation() missing required argument 'value' (pos 1)"));
    };
    let mut texts = [vm.new_str(""), vm.new_str("")];
    for (text, (i, name)) in texts.iter_mut().zip([(2, "expression"), (4, "format_spec")]) {
        let Some(v) = a.get_or_keyword(i, name) else { continue };
        if v.downcast::<Str>().is_none() {
            let got = vm.argument_class(v);
            return Err(vm.type_error(format!("Interpolation() argument '{name}' must be str, not {got}")));
        }
        *text = v.clone();
    }
    let conversion = a.get_or_keyword(3, "conversion").cloned().unwrap_or(Value::NONE);
    match conversion.downcast::<Str>().map(|s| s.as_ascii()) {
        Some(Some("s" | "a" | "r")) => {}
        None if conversion.is_none() => {}
        None => {
            let got = vm.argument_class(&conversion);
            return Err(vm.type_error(format!("Interpolation() argument 'conversion' must be str, not {got}")));
        }
        Some(_) => {
            return Err(vm.value_error("Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'"));
        }
    }
    let [expression, format_spec] = texts;
    let class = vm.types().interpolation.clone();
    Ok(vm.new_opaque(&class, Interpolation { value: value.clone(), expression, conversion, format_spec }))
}

fn interpolation_repr(vm: &mut Vm, a: Args<'_>) -> R {
    let i = interpolation(vm, a)?;
    let parts = [i.value.clone(), i.expression.clone(), i.conversion.clone(), i.format_spec.clone()];
    let mut texts = Vec::with_capacity(parts.len());
    for part in &parts {
        texts.push(vm.repr(part)?.to_string());
    }
    Ok(vm.new_str(&format!("Interpolation({})", texts.join(", "))))
}
