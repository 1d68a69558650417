//! Callables and the descriptors that make methods of them: data only.

use std::cell::Cell as StdCell;
use std::rc::Rc;

use super::cell::Mut;
use super::dict::Dict;
use super::header::{Kind, Object, Ref};
use super::sequence::Tuple;
use super::types::Type;
use super::value::Value;
use crate::code::{CodeData, Op};
use crate::object::str::Str;

/// What the loop reads of a code object at every call, next to one another.
#[derive(Clone, Copy)]
pub struct HotCode {
    pub words: *const StdCell<u64>,
    pub consts: *const Value,
    pub first_temp: u16,
    pub register_count: u16,
    /// Arguments of a call that needs no binding; `NOT_SIMPLE` where every call does.
    pub simple_args: u32,
}

/// See [`HotCode::simple_args`].
pub const NOT_SIMPLE: u32 = u32::MAX;

/// The payload of `code`: the plain data of the compiler with its constants and names as values.
pub struct Code {
    /// Points into `data` and `consts`, which never change.
    pub hot: HotCode,
    pub data: Rc<CodeData>,
    /// Constants by index; code objects of nested functions among them.
    pub consts: Vec<Value>,
    /// Interned names by index.
    pub names: Vec<Ref<Str>>,
    /// Names of local variables by register, then of cells and free variables.
    pub local_names: Vec<Ref<Str>>,
    pub name: Ref<Str>,
    pub qualname: Ref<Str>,
    /// What the VM's instrumentation keeps for this code; owned by `vm/instrument`.
    pub instrument: Mut<Option<Box<dyn std::any::Any>>>,
    /// The address of what is in the box, or null: the instrumentation looks at it for every event.
    pub sites: StdCell<*const ()>,
    /// The count of the changes of what is monitored for which this code is armed.
    armed_version: StdCell<u64>,
    /// The same while a call may skip the first instruction, a RESUME with no event; else [`NEVER`].
    entry_version: StdCell<u64>,
}

/// No count of changes.
const NEVER: u64 = u64::MAX;

impl Code {
    /// A code object that nobody watches yet.
    pub fn new(
        data: Rc<CodeData>,
        consts: Vec<Value>,
        names: Vec<Ref<Str>>,
        local_names: Vec<Ref<Str>>,
        name: Ref<Str>,
        qualname: Ref<Str>,
    ) -> Code {
        let hot = HotCode {
            words: data.words.as_ptr(),
            consts: consts.as_ptr(),
            first_temp: data.first_temp,
            register_count: data.register_count,
            simple_args: data.simple_args.unwrap_or(NOT_SIMPLE),
        };
        let code = Code {
            hot,
            data,
            consts,
            names,
            local_names,
            name,
            qualname,
            instrument: Mut::new(None),
            sites: StdCell::new(std::ptr::null()),
            armed_version: StdCell::new(0),
            entry_version: StdCell::new(NEVER),
        };
        code.renew_entry();
        code
    }

    #[inline(always)]
    pub fn armed_version(&self) -> u64 {
        self.armed_version.get()
    }

    /// See the field.
    #[inline(always)]
    pub fn entry_version(&self) -> u64 {
        self.entry_version.get()
    }

    /// The code is armed as it should be after this many changes of what is monitored.
    pub fn set_armed_version(&self, version: u64) {
        self.armed_version.set(version);
        self.renew_entry();
    }

    /// Call after a change of the first opcode.
    pub fn renew_entry(&self) {
        let plain = self.data.words.first().is_some_and(|w| w.get() as u8 == Op::RESUME as u8);
        self.entry_version.set(if plain { self.armed_version.get() } else { NEVER });
    }
}

// SAFETY: all references are visited.
unsafe impl Object for Code {
    const KIND: Kind = Kind::Code;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.consts.iter().for_each(&mut *visit);
        self.names.iter().chain(&self.local_names).for_each(|n| visit(n.as_value()));
        visit(self.name.as_value());
        visit(self.qualname.as_value());
    }
}

/// The payload of `cell`.
#[derive(Default)]
pub struct Cell {
    pub value: Mut<Option<Value>>,
}

// SAFETY: the one reference is visited.
unsafe impl Object for Cell {
    const KIND: Kind = Kind::Cell;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.value.borrow().iter().for_each(visit);
    }
    fn clear(&self) {
        self.value.set(None);
    }
}

/// The payload of `function`.
pub struct Function {
    pub code: Mut<Ref<Code>>,
    pub globals: Ref<Dict>,
    pub builtins: Ref<Dict>,
    pub closure: Mut<Option<Ref<Tuple>>>,
    pub defaults: Mut<Option<Ref<Tuple>>>,
    pub kwdefaults: Mut<Option<Ref<Dict>>>,
    pub name: Mut<Value>,
    pub qualname: Mut<Value>,
    pub module: Mut<Value>,
    pub doc: Mut<Value>,
    /// What few functions have.
    pub typing: Mut<Option<Box<Typing>>>,
}

/// Annotations and type parameters of a function.
#[derive(Default)]
pub struct Typing {
    /// The `__annotate__` function.
    pub annotate: Option<Value>,
    /// `__annotations__`, once they have been computed or set.
    pub annotations: Option<Value>,
    /// `__type_params__`.
    pub type_params: Option<Value>,
}

impl Typing {
    fn values(&self) -> impl Iterator<Item = &Value> {
        [&self.annotate, &self.annotations, &self.type_params].into_iter().flatten()
    }
}

// SAFETY: all references are visited.
unsafe impl Object for Function {
    const KIND: Kind = Kind::Function;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(self.code.borrow().as_value());
        visit(self.globals.as_value());
        visit(self.builtins.as_value());
        self.closure.borrow().iter().for_each(|t| visit(t.as_value()));
        self.defaults.borrow().iter().for_each(|t| visit(t.as_value()));
        self.kwdefaults.borrow().iter().for_each(|t| visit(t.as_value()));
        [&self.name, &self.qualname, &self.module, &self.doc].into_iter().for_each(|m| visit(&m.borrow()));
        self.typing.borrow().iter().flat_map(|t| t.values()).for_each(visit);
    }
    fn clear(&self) {
        self.typing.set(None);
        self.defaults.set(None);
        self.kwdefaults.set(None);
        for m in [&self.name, &self.qualname, &self.module, &self.doc] {
            m.set(Value::NONE);
        }
    }
}

/// A native function pointer without its type, which only the VM knows (`vm/native.rs` casts it back).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Entry(pub *const ());

/// What a native callable is made from.
#[derive(Clone, Copy)]
pub struct NativeDef {
    pub name: &'static str,
    pub doc: &'static str,
    pub entry: Entry,
    /// How many positional arguments it takes; calls with others do not reach it.
    pub min_args: u16,
    /// `u16::MAX`: any number.
    pub max_args: u16,
    pub takes_keywords: bool,
    /// Does no more than resume a generator that is its first argument, with the second or None.
    pub resumes: bool,
}

/// The payload of native functions, methods of built-in types and getters.
pub struct Native {
    pub def: NativeDef,
    /// Of a bound function: what stands before the first argument.
    pub bound: Option<Value>,
    /// The class whose method it is.
    pub owner: Option<Ref<Type>>,
    /// Setter of a getset descriptor.
    pub setter: Option<Entry>,
    pub module: Mut<Value>,
}

impl Ref<Native> {
    /// The qualified name: behind that of the class whose method it is.  A method of a built-in class with its receiver is
    /// named after the class of that.
    pub fn qualname(&self) -> String {
        let name = self.def.name;
        let Some(owner) = &self.owner else { return name.to_owned() };
        let heap = self.header().heap();
        let class = match self.bound.as_ref().filter(|_| self.ty().is(&heap.types().builtin_function)) {
            Some(receiver) => receiver.downcast::<Type>().unwrap_or_else(|| receiver.class(heap)).qualname_str(),
            None => owner.own_name(),
        };
        format!("{class}.{name}")
    }
}

impl Native {
    /// Whether this is the built-in method of that name.  A class may have it under another name
    /// (`__setattr__ = dict.__setitem__`): then it is a method like those of Python code.
    pub fn is_named(&self, name: &Str) -> bool {
        name.as_ascii() == Some(self.def.name)
    }
}

// SAFETY: all references are visited.
unsafe impl Object for Native {
    const KIND: Kind = Kind::Native;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.bound.iter().for_each(&mut *visit);
        self.owner.iter().for_each(|t| visit(t.as_value()));
        visit(&self.module.borrow());
    }
}

/// The payload of `method`: a function with its first argument.
pub struct BoundMethod {
    pub function: Value,
    pub receiver: Value,
}

// SAFETY: all references are visited.
unsafe impl Object for BoundMethod {
    const KIND: Kind = Kind::BoundMethod;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.function);
        visit(&self.receiver);
    }
}

/// The payload of `property`.
pub struct Property {
    pub getter: Mut<Value>,
    pub setter: Mut<Value>,
    pub deleter: Mut<Value>,
    pub doc: Mut<Value>,
    /// The docstring is the getter's, so a property with another getter takes that one's.
    pub doc_of_getter: StdCell<bool>,
    pub name: Mut<Option<Value>>,
}

// SAFETY: all references are visited.
unsafe impl Object for Property {
    const KIND: Kind = Kind::Property;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        [&self.getter, &self.setter, &self.deleter, &self.doc].into_iter().for_each(|m| visit(&m.borrow()));
        self.name.borrow().iter().for_each(visit);
    }
    fn clear(&self) {
        for m in [&self.getter, &self.setter, &self.deleter, &self.doc] {
            m.set(Value::NONE);
        }
    }
}

/// The payload of `staticmethod`.
pub struct StaticMethod {
    pub function: Mut<Value>,
}

// SAFETY: all references are visited.
unsafe impl Object for StaticMethod {
    const KIND: Kind = Kind::StaticMethod;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.function.borrow());
    }
}

/// The payload of `classmethod`.
pub struct ClassMethod {
    pub function: Mut<Value>,
}

// SAFETY: all references are visited.
unsafe impl Object for ClassMethod {
    const KIND: Kind = Kind::ClassMethod;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.function.borrow());
    }
}

/// The payload of `super`: look up after `class` in the order of `object_type`.
pub struct Super {
    pub class: Mut<Option<Ref<Type>>>,
    pub object: Mut<Option<Value>>,
    pub object_type: Mut<Option<Ref<Type>>>,
}

// SAFETY: all references are visited.
unsafe impl Object for Super {
    const KIND: Kind = Kind::Super;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.class.borrow().iter().for_each(|t| visit(t.as_value()));
        self.object.borrow().iter().for_each(&mut *visit);
        self.object_type.borrow().iter().for_each(|t| visit(t.as_value()));
    }
}

/// The payload of `module`; its attributes are the dict.
pub struct Module {
    pub dict: Ref<Dict>,
}

// SAFETY: the one reference is visited.
unsafe impl Object for Module {
    const KIND: Kind = Kind::Module;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(self.dict.as_value());
    }
}
