//! From the compiler's plain data to code objects on the heap.

use std::rc::Rc;

use crate::code::CodeData;
use crate::code::constant::{Const, Text};
use crate::object::complex::Complex;
use crate::object::function::Code;
use crate::object::header::Ref;
use crate::object::number::{BigInt, Float};
use crate::object::sequence::{Bytes, Tuple};
use crate::object::set::Set;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::instrument::original_op;
use crate::vm::{R, Vm};

impl Vm {
    /// Makes the code object of compiled code, with those nested in it.
    pub fn load_code(&mut self, data: &Rc<CodeData>) -> R<Ref<Code>> {
        let mut consts = Vec::with_capacity(data.consts.len());
        for c in &data.consts {
            consts.push(self.constant(c, &data.nested)?);
        }
        let names = data.names.iter().map(|n| self.intern(n)).collect();
        let local_names = data.local_names.iter().map(|n| self.intern(n)).collect();
        let (name, qualname) = (self.intern(&data.name), self.intern(&data.qualname));
        let code = Code::new(data.clone(), consts, names, local_names, name, qualname);
        Ok(self.heap.alloc(&self.types().code, code))
    }

    /// A code object like another but for what `change` does to its plain data, constants (objects of their own) and
    /// names: `code.replace()`.  Nothing of the new one is armed.
    pub fn changed_code(
        &mut self,
        code: &Ref<Code>,
        change: impl FnOnce(&mut CodeData, &mut Vec<Value>, &mut Vec<Ref<Str>>),
    ) -> Ref<Code> {
        let mut data = (*code.data).clone();
        for (i, original) in code.data.instructions(&|i| original_op(code, i)) {
            data.words[i].set(original.0);
        }
        let (mut consts, mut names) = (code.consts.clone(), code.names.clone());
        change(&mut data, &mut consts, &mut names);
        let (name, qualname) = (self.intern(&data.name), self.intern(&data.qualname));
        let new = Code::new(Rc::new(data), consts, names, code.local_names.clone(), name, qualname);
        self.heap.alloc(&self.types().code, new)
    }

    /// The object of a constant that holds no code.
    pub fn constant_value(&mut self, c: &Const) -> R {
        self.constant(c, &[])
    }

    fn constant(&mut self, c: &Const, nested: &[Rc<CodeData>]) -> R {
        let heap = &self.heap;
        Ok(match c {
            Const::None => Value::NONE,
            Const::True => Value::TRUE,
            Const::False => Value::FALSE,
            Const::Ellipsis => Value::ELLIPSIS,
            Const::Int(i) => BigInt::value(heap, i.clone()),
            Const::Float(f) => Float::value(heap, *f),
            Const::Complex { re, im } => Complex::value(heap, Complex { re: *re, im: *im }),
            Const::Str(text) => {
                let s = self.text(text);
                // Constants that look like names are interned, as in CPython, and there is one str of each character.
                match s.as_ascii() {
                    Some(a) if a.len() == 1 || a.bytes().all(|b| b == b'_' || b.is_ascii_alphanumeric()) => {
                        self.heap.interned.intern(&s).into()
                    }
                    _ => s.into(),
                }
            }
            Const::Bytes(b) => Bytes::new(heap, b.clone()).into(),
            Const::Tuple(items) => {
                let mut values = Vec::with_capacity(items.len());
                for i in items {
                    values.push(self.constant(i, nested)?);
                }
                Tuple::new(&self.heap, values).into()
            }
            Const::FrozenSet(items) => {
                let set = Set::new(&self.heap, &self.types().frozenset);
                for i in items {
                    let v = self.constant(i, nested)?;
                    self.set_add(&set, v)?;
                }
                set.into()
            }
            Const::Code(n) => match nested.get(*n as usize) {
                Some(code) => self.load_code(&code.clone())?.into(),
                None => Value::NONE,
            },
        })
    }

    fn text(&self, text: &Text) -> Ref<Str> {
        match text {
            Text::Utf8(s) => Str::new(&self.heap, s),
            Text::Surrogates(points) => Str::from_points(&self.heap, points),
        }
    }
}
