//! What native functions, methods and classes say of themselves: `__doc__` and `__text_signature__`, from two tables.

use std::collections::HashMap;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::object::function::Native;
use crate::object::header::Ref;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::{R, Vm};

const NAMES: &str = include_str!("names.txt");
const CLASSES: &str = include_str!("classes.txt");

/// A row of the table; what is not told is empty.
#[derive(Clone, Copy)]
struct Row {
    signature: &'static str,
    text: &'static str,
}

/// A line of the table as a name and its row.
fn parse(line: &'static str) -> (&'static str, Row) {
    let (head, text) = line.split_once('\t').unwrap_or((line, ""));
    let (name, signature) = head.split_at(head.find('(').unwrap_or(head.len()));
    (name, Row { signature, text })
}

fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.starts_with('#'))
}

fn rows() -> &'static HashMap<&'static str, Row> {
    static ROWS: OnceLock<HashMap<&'static str, Row>> = OnceLock::new();
    ROWS.get_or_init(|| lines(CLASSES).chain(lines(NAMES)).map(parse).collect())
}

/// The row of a name of an owner, else of the special method of that name.
fn row(owner: &str, name: &str) -> Option<Row> {
    let own = rows().get(format!("{owner}.{name}").as_str());
    let shared = || rows().get(format!("slot.{name}").as_str());
    own.filter(|row| !row.text.is_empty()).or_else(shared).or(own).copied()
}

fn signature_of(owner: &str, name: &str) -> Option<&'static str> {
    let own = rows().get(format!("{owner}.{name}").as_str());
    let shared = || rows().get(format!("slot.{name}").as_str());
    own.or_else(shared).map(|row| row.signature)
}

fn owner(vm: &mut Vm, n: &Ref<Native>) -> R<String> {
    if let Some(class) = &n.owner {
        return Ok(class.own_name());
    }
    let module = n.module.get();
    Ok(match module.downcast::<Str>() {
        Some(_) => vm.str(&module)?.to_string(),
        None => String::new(),
    })
}

fn text(vm: &Vm, s: &str) -> Value {
    if s.is_empty() { Value::NONE } else { vm.new_str(s) }
}

/// `__doc__` of a native.
pub fn doc(vm: &mut Vm, n: &Ref<Native>) -> R {
    if !n.def.doc.is_empty() {
        return Ok(vm.new_str(n.def.doc));
    }
    let owner = owner(vm, n)?;
    Ok(text(vm, row(&owner, n.def.name).map_or("", |row| row.text)))
}

/// `__text_signature__` of a native.
pub fn text_signature(vm: &mut Vm, n: &Ref<Native>) -> R {
    let owner = owner(vm, n)?;
    Ok(text(vm, signature_of(&owner, n.def.name).unwrap_or_default()))
}

/// `__text_signature__` of a built-in class.
pub fn class_signature(vm: &Vm, name: &str) -> Value {
    text(vm, rows().get(name).map_or("", |row| row.signature))
}

/// `__doc__` of a built-in class.
pub fn class_doc(vm: &Vm, name: &str) -> Value {
    text(vm, rows().get(name).map_or("", |row| row.text))
}

/// Gives each built-in class its `__doc__`, None where there is nothing to say: that of `object` is not for them.
pub fn install(vm: &mut Vm) {
    let name = vm.types().names.__doc__.clone();
    // Every start comes by here, and few programs ask for the rest of the table.
    let rows: FxHashMap<&str, Row> = lines(CLASSES).map(parse).collect();
    for class in vm.types().all() {
        if class.dict.get_str(&name).is_none() {
            let doc = text(vm, rows.get(class.own_name().as_str()).map_or("", |row| row.text));
            drop(class.dict.set_str(&vm.heap, &name, doc));
            class.modified();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_something_to_say_and_stands_once() {
        assert_eq!(rows().len(), lines(CLASSES).count() + lines(NAMES).count());
        for (name, row) in rows() {
            assert!(!row.signature.is_empty() || !row.text.is_empty(), "{name}");
            assert!(row.signature.is_empty() || row.signature.ends_with(')'), "{name}{}", row.signature);
        }
    }

    #[test]
    fn special_methods_are_found_for_every_class() {
        assert_eq!(signature_of("list", "append"), Some("($self, object, /)"));
        assert_eq!(signature_of("list", "__add__"), Some("($self, value, /)"));
        assert_eq!(row("str", "__len__").map(|row| row.text), Some("len(self)."));
    }
}
