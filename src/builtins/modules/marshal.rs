//! `marshal`: values as bytes, in the format of CPython's version 4.  Code objects are not among them: theirs is the
//! machine's own affair.

use dashu_int::IBig;
use dashu_int::ops::BitTest;

use super::{new, set};
use crate::object::complex::Complex;
use crate::object::dict::Dict;
use crate::object::function::Module;
use crate::object::header::{Kind, Ref};
use crate::object::number::{BigInt, Float, Int};
use crate::object::sequence::{Bytes, List, Tuple};
use crate::object::set::Set;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def_kw};
use crate::vm::{Args, R, Vm};

const VERSION: i64 = 4;
/// How deep values may be nested.
const MAX_DEPTH: usize = 2000;
/// Digits of long integers have 15 bits.
const DIGIT_BITS: usize = 15;

const TABLE: &[Def] = &[
    def_kw("dumps", 1, ANY, |vm, a| dumped(vm, a, 1)),
    def_kw("dump", 2, ANY, |vm, a| {
        let (name, data) = (vm.intern("write"), dumped(vm, a, 2)?);
        vm.call_method(&a.pos[1], &name, &[data])
    }),
    def_kw("loads", 1, ANY, |vm, a| {
        let Some(data) = a.pos[0].bytes_like() else {
            let got = vm.class_name(&a.pos[0]);
            return Err(vm.type_error(format!("a bytes-like object is required, not '{got}'")));
        };
        load(vm, &data).map(|(v, _)| v)
    }),
    def_kw("load", 1, ANY, load_file),
];

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "marshal", TABLE);
    set(vm, &m.dict, "version", Value::int_unchecked(VERSION));
    Ok(m)
}

/// The bytes of the first argument, in the version that the argument at `at` asks for.
fn dumped(vm: &mut Vm, a: Args<'_>, at: usize) -> R {
    let version = a.get(at).map_or(Ok(VERSION), |v| vm.index_i64(v))?;
    let mut out = Vec::new();
    write(vm, &a.pos[0], &mut out, Form { version, depth: 0 })?;
    Ok(Bytes::new(&vm.heap, out).into())
}

/// How a value is written: short forms came with version 4, interned strs with 3, binary floats with 2.
#[derive(Clone, Copy)]
struct Form {
    version: i64,
    depth: usize,
}

impl Form {
    fn within(self) -> Form {
        Form { depth: self.depth + 1, ..self }
    }
}

fn load_file(vm: &mut Vm, a: Args<'_>) -> R {
    // What is behind the value stays in the file, if that can go back.
    let names = ["read", "tell", "seek"].map(|n| vm.intern(n));
    let place = vm.call_method(&a.pos[0], &names[1], &[])?;
    let data = vm.call_method(&a.pos[0], &names[0], &[])?;
    let Some(bytes) = vm.bytes_of(&data)? else {
        let got = vm.class_name(&data);
        return Err(vm.type_error(format!("file.read() returned not bytes but {got}")));
    };
    let (v, used) = load(vm, &bytes)?;
    let after = vm.binary(crate::code::BinaryOp::Add, &place, &Value::from_len(used))?;
    vm.call_method(&a.pos[0], &names[2], &[after])?;
    Ok(v)
}

fn size(vm: &mut Vm, n: usize, out: &mut Vec<u8>) -> R<()> {
    match i32::try_from(n) {
        Ok(n) => out.extend(n.to_le_bytes()),
        Err(_) => return Err(vm.value_error("unmarshallable object")),
    }
    Ok(())
}

fn write_int(vm: &mut Vm, i: &Int<'_>, out: &mut Vec<u8>) -> R<()> {
    if let Some(n) = i.to_i64().and_then(|n| i32::try_from(n).ok()) {
        out.push(b'i');
        out.extend(n.to_le_bytes());
        return Ok(());
    }
    let big = i.to_big();
    let (sign, magnitude) = big.into_parts();
    let digits = magnitude.bit_len().div_ceil(DIGIT_BITS);
    let count = i32::try_from(digits).map_err(|_| vm.value_error("unmarshallable object"))?;
    out.push(b'l');
    out.extend((if sign == dashu_int::Sign::Negative { -count } else { count }).to_le_bytes());
    for d in 0..digits {
        let digit = (0..DIGIT_BITS).filter(|b| magnitude.bit(d * DIGIT_BITS + b)).fold(0u16, |n, b| n | 1 << b);
        out.extend(digit.to_le_bytes());
    }
    Ok(())
}

fn write_items(vm: &mut Vm, tag: u8, items: &[Value], out: &mut Vec<u8>, form: Form) -> R<()> {
    out.push(tag);
    size(vm, items.len(), out)?;
    items.iter().try_for_each(|v| write(vm, v, out, form.within()))
}

fn write(vm: &mut Vm, v: &Value, out: &mut Vec<u8>, form: Form) -> R<()> {
    if form.depth > MAX_DEPTH {
        return Err(vm.value_error("object too deeply nested to marshal"));
    }
    let t = vm.types();
    if v.is(t.StopIteration.as_value()) {
        out.push(b'S');
        return Ok(());
    }
    let class = v.class(&vm.heap).clone();
    if let Some(b) = v.as_bool() {
        out.push(if b { b'T' } else { b'F' });
    } else if v.is_none() {
        out.push(b'N');
    } else if v.is(&Value::ELLIPSIS) {
        out.push(b'.');
    } else if let Some(i) = v.as_int().filter(|_| class.is(&t.int)) {
        write_int(vm, &i, out)?;
    } else if let Some(x) = v.as_float().filter(|_| class.is(&t.float)) {
        if form.version < 2 {
            let text = crate::vm::protocol::repr::float_repr(x);
            out.extend([b'f', text.len() as u8]);
            out.extend(text.into_bytes());
            return Ok(());
        }
        out.push(b'g');
        out.extend(x.to_le_bytes());
    } else if let Some(z) = v.as_complex().filter(|_| class.is(&t.complex)) {
        out.push(b'y');
        out.extend(z.re.to_le_bytes());
        out.extend(z.im.to_le_bytes());
    } else if let Some(s) = v.downcast::<Str>().filter(|s| s.ty().is(&t.str)) {
        write_str(vm, s, out, form)?;
    } else if let Some(tuple) = v.downcast::<Tuple>().filter(|x| x.ty().is(&t.tuple)) {
        if let Some(n) = u8::try_from(tuple.len()).ok().filter(|_| form.version >= 4) {
            out.extend([b')', n]);
            tuple.to_vec().iter().try_for_each(|v| write(vm, v, out, form.within()))?;
        } else {
            write_items(vm, b'(', &tuple.to_vec(), out, form)?;
        }
    } else if let Some(l) = v.downcast::<List>().filter(|x| x.ty().is(&t.list)) {
        write_items(vm, b'[', &l.to_vec(), out, form)?;
    } else if let Some(d) = v.downcast::<Dict>().filter(|x| x.ty().is(&t.dict)) {
        out.push(b'{');
        for (k, v) in d.items() {
            write(vm, &k, out, form.within())?;
            write(vm, &v, out, form.within())?;
        }
        out.push(b'0');
    } else if let Some(s) = v.downcast::<Set>().filter(|x| x.ty().is(&t.set) || x.ty().is(&t.frozenset)) {
        let items: Vec<Value> = s.items().into_iter().map(|(_, v)| v).collect();
        let tag = if class.is(&t.set) { b'<' } else { b'>' };
        write_items(vm, tag, &items, out, form)?;
    } else if let Some(data) = v.bytes_like().filter(|_| v.kind() != Some(Kind::Instance)) {
        out.push(b's');
        size(vm, data.len(), out)?;
        out.extend_from_slice(&data);
    } else {
        return Err(vm.value_error("unmarshallable object"));
    }
    Ok(())
}

fn write_str(vm: &mut Vm, s: &Ref<Str>, out: &mut Vec<u8>, form: Form) -> R<()> {
    let interned = s.is_interned() && form.version >= 3;
    if let Some(text) = s.as_ascii().filter(|_| form.version >= 4) {
        match u8::try_from(text.len()) {
            Ok(n) => out.extend([if interned { b'Z' } else { b'z' }, n]),
            Err(_) => {
                out.push(if interned { b'A' } else { b'a' });
                size(vm, text.len(), out)?;
            }
        }
        out.extend_from_slice(text.as_bytes());
        return Ok(());
    }
    let mut data = Vec::new();
    for p in s.points() {
        match char::from_u32(p) {
            Some(c) => data.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            // A lone surrogate, as "surrogatepass" has it.
            None => data.extend([0xe0 | (p >> 12) as u8, 0x80 | (p >> 6) as u8 & 63, 0x80 | p as u8 & 63]),
        }
    }
    out.push(if interned { b't' } else { b'u' });
    size(vm, data.len(), out)?;
    out.extend(data);
    Ok(())
}

/// The value at the beginning of some bytes, and how many it took.
fn load(vm: &mut Vm, data: &[u8]) -> R<(Value, usize)> {
    let mut reader = Reader { data, at: 0, known: Vec::new() };
    match reader.read(vm, 0)? {
        Some(v) => Ok((v, reader.at)),
        None => Err(vm.type_error("NULL object in marshal data for object")),
    }
}

struct Reader<'a> {
    data: &'a [u8],
    at: usize,
    /// The values to which references lead, in the order in which they were begun.
    known: Vec<Value>,
}

/// The tag says that a value may be referred to.
const FLAG_REF: u8 = 0x80;

impl<'a> Reader<'a> {
    fn bytes(&mut self, vm: &mut Vm, n: usize) -> R<&'a [u8]> {
        match self.at.checked_add(n).and_then(|end| self.data.get(self.at..end)) {
            Some(part) => {
                self.at += n;
                Ok(part)
            }
            None => {
                let class = vm.types().EOFError.clone();
                Err(vm.error(&class, "marshal data too short"))
            }
        }
    }

    fn byte(&mut self, vm: &mut Vm) -> R<u8> {
        Ok(self.bytes(vm, 1)?[0])
    }

    fn long(&mut self, vm: &mut Vm) -> R<i32> {
        Ok(i32::from_le_bytes(self.bytes(vm, 4)?.try_into().unwrap_or_default()))
    }

    fn size(&mut self, vm: &mut Vm) -> R<usize> {
        let n = self.long(vm)?;
        usize::try_from(n).map_err(|_| vm.value_error("bad marshal data (size out of range)"))
    }

    fn double(&mut self, vm: &mut Vm) -> R<f64> {
        Ok(f64::from_le_bytes(self.bytes(vm, 8)?.try_into().unwrap_or_default()))
    }

    fn items(&mut self, vm: &mut Vm, n: usize, depth: usize) -> R<Vec<Value>> {
        let mut items = Vec::new();
        for _ in 0..n {
            match self.read(vm, depth + 1)? {
                Some(v) => items.push(v),
                None => return Err(vm.type_error("NULL object in marshal data")),
            }
        }
        Ok(items)
    }

    fn text(&mut self, vm: &mut Vm, n: usize, interned: bool) -> R {
        let data = self.bytes(vm, n)?;
        let s = match std::str::from_utf8(data) {
            Ok(text) => Str::new(&vm.heap, text),
            Err(_) => {
                let bytes: Value = Bytes::new(&vm.heap, data.to_vec()).into();
                let (decode, args) = (vm.intern("decode"), ["utf-8", "surrogatepass"].map(|s| vm.new_str(s)));
                let v = vm.call_method(&bytes, &decode, &args)?;
                return Ok(v);
            }
        };
        Ok(if interned { vm.heap.interned.intern(&s).into() } else { s.into() })
    }

    fn integer(&mut self, vm: &mut Vm) -> R {
        let n = self.long(vm)?;
        let mut value = IBig::ZERO;
        for i in 0..n.unsigned_abs() as usize {
            let digit = u16::from_le_bytes(self.bytes(vm, 2)?.try_into().unwrap_or_default());
            if digit >> DIGIT_BITS != 0 {
                return Err(vm.value_error("bad marshal data (digit out of range in long)"));
            }
            value += IBig::from(digit) << (i * DIGIT_BITS);
        }
        Ok(BigInt::value(&vm.heap, if n < 0 { -value } else { value }))
    }

    /// The next value; None for the end of a dict.
    fn read(&mut self, vm: &mut Vm, depth: usize) -> R<Option<Value>> {
        if depth > MAX_DEPTH {
            return Err(vm.value_error("bad marshal data (nested too deep)"));
        }
        if self.at == self.data.len() {
            let class = vm.types().EOFError.clone();
            return Err(vm.error(&class, "EOF read where object expected"));
        }
        let tag = self.byte(vm)?;
        // A container is known before its items are.
        let slot = (tag & FLAG_REF != 0).then(|| {
            self.known.push(Value::NONE);
            self.known.len() - 1
        });
        let v = match tag & !FLAG_REF {
            b'0' => return Ok(None),
            b'N' => Value::NONE,
            b'T' => Value::TRUE,
            b'F' => Value::FALSE,
            b'.' => Value::ELLIPSIS,
            b'S' => vm.types().StopIteration.to_value(),
            b'i' => Value::int_unchecked(self.long(vm)?.into()),
            b'l' => self.integer(vm)?,
            b'g' => {
                let x = self.double(vm)?;
                Float::value(&vm.heap, x)
            }
            b'f' => {
                let n = self.byte(vm)?.into();
                let text = std::str::from_utf8(self.bytes(vm, n)?).ok().and_then(|text| text.parse().ok());
                let x = text.ok_or_else(|| vm.value_error("bad marshal data (float)"))?;
                Float::value(&vm.heap, x)
            }
            b'y' => {
                let (re, im) = (self.double(vm)?, self.double(vm)?);
                Complex::value(&vm.heap, Complex { re, im })
            }
            tag @ (b'z' | b'Z') => {
                let n = self.byte(vm)?.into();
                self.text(vm, n, tag == b'Z')?
            }
            tag @ (b'a' | b'A' | b'u' | b't') => {
                let n = self.size(vm)?;
                self.text(vm, n, matches!(tag, b'A' | b't'))?
            }
            b's' => {
                let n = self.size(vm)?;
                let data = self.bytes(vm, n)?.to_vec();
                Bytes::new(&vm.heap, data).into()
            }
            b')' => {
                let n = self.byte(vm)?.into();
                let items = self.items(vm, n, depth)?;
                Tuple::new(&vm.heap, items).into()
            }
            b'(' => {
                let n = self.size(vm)?;
                let items = self.items(vm, n, depth)?;
                Tuple::new(&vm.heap, items).into()
            }
            b'[' => {
                let n = self.size(vm)?;
                let list = List::new(&vm.heap, Vec::new());
                self.know(slot, &list.to_value());
                let items = self.items(vm, n, depth)?;
                let done = list.append_all(&vm.heap, items);
                vm.allocated(done)?;
                list.into()
            }
            b'{' => {
                let dict = Dict::new(&vm.heap);
                self.know(slot, &dict.to_value());
                while let Some(k) = self.read(vm, depth + 1)? {
                    let Some(v) = self.read(vm, depth + 1)? else { break };
                    vm.dict_set(&dict, k, v)?;
                }
                dict.into()
            }
            tag @ (b'<' | b'>') => {
                let n = self.size(vm)?;
                let t = vm.types();
                let set = Set::new(&vm.heap, if tag == b'<' { &t.set } else { &t.frozenset });
                for item in self.items(vm, n, depth)? {
                    vm.set_add(&set, item)?;
                }
                set.into()
            }
            b'r' => {
                let n = self.size(vm)?;
                return match self.known.get(n) {
                    Some(v) => Ok(Some(v.clone())),
                    None => Err(vm.value_error("bad marshal data (invalid reference)")),
                };
            }
            b'c' => return Err(vm.not_implemented_error("code objects of CPython cannot be loaded")),
            _ => return Err(vm.value_error("bad marshal data (unknown type code)")),
        };
        self.know(slot, &v);
        Ok(Some(v))
    }

    fn know(&mut self, slot: Option<usize>, v: &Value) {
        if let Some(slot) = slot {
            self.known[slot] = v.clone();
        }
    }
}
