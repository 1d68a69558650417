//! `_sha2`: what `hashlib` and `random` (which seeds by SHA-512) want native.

use std::cell::RefCell;

use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use super::{add_class, new};
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::sequence::Bytes;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_args::Signature;
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, R, Vm};

#[derive(Clone)]
enum State {
    Sha224(Sha224),
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
}

macro_rules! each {
    ($state:expr, $h:ident => $body:expr) => {
        match $state {
            State::Sha224($h) => $body,
            State::Sha256($h) => $body,
            State::Sha384($h) => $body,
            State::Sha512($h) => $body,
        }
    };
}

impl State {
    fn name(&self) -> &'static str {
        match self {
            State::Sha224(_) => "sha224",
            State::Sha256(_) => "sha256",
            State::Sha384(_) => "sha384",
            State::Sha512(_) => "sha512",
        }
    }

    fn digest(&self) -> Vec<u8> {
        each!(self.clone(), h => h.finalize().to_vec())
    }

    /// Bytes that are hashed at once.
    fn block(&self) -> i64 {
        match self {
            State::Sha224(_) | State::Sha256(_) => 64,
            State::Sha384(_) | State::Sha512(_) => 128,
        }
    }
}

struct Hash {
    state: RefCell<State>,
}

opaque_data!(Hash {});

const METHODS: &[Def] = &[
    def("update", 2, 2, update),
    def("digest", 1, 1, digest),
    def("hexdigest", 1, 1, hexdigest),
    def("copy", 1, 1, copy),
];

type Getter = (&'static str, crate::vm::NativeFn, Option<crate::vm::NativeFn>);

const GETSET: &[Getter] = &[
    (
        "name",
        |vm, a| {
            let name = vm.receiver::<Hash>(a)?.state.borrow().name();
            Ok(vm.new_str(name))
        },
        None,
    ),
    ("digest_size", |vm, a| Ok(Value::from_len(vm.receiver::<Hash>(a)?.state.borrow().digest().len())), None),
    ("block_size", |vm, a| Ok(Value::int_unchecked(vm.receiver::<Hash>(a)?.state.borrow().block())), None),
];

static SHA256: Class = Class { module: "_sha2", name: "SHA256Type", methods: METHODS, getset: GETSET, ..CLASS };
static SHA512: Class = Class { module: "_sha2", name: "SHA512Type", methods: METHODS, getset: GETSET, ..CLASS };

const TABLE: &[Def] = &[
    def_kw("sha224", 0, ANY, |vm, a| make(vm, a, State::Sha224(Sha224::new()))),
    def_kw("sha256", 0, ANY, |vm, a| make(vm, a, State::Sha256(Sha256::new()))),
    def_kw("sha384", 0, ANY, |vm, a| make(vm, a, State::Sha384(Sha384::new()))),
    def_kw("sha512", 0, ANY, |vm, a| make(vm, a, State::Sha512(Sha512::new()))),
];

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "_sha2", TABLE);
    add_class(vm, &m, &SHA256);
    add_class(vm, &m, &SHA512);
    Ok(m)
}

fn feed(vm: &mut Vm, state: &mut State, data: &Value) -> R<()> {
    if data.downcast::<Str>().is_some() {
        return Err(vm.type_error("Strings must be encoded before hashing"));
    }
    match vm.bytes_of(data)? {
        Some(bytes) => each!(state, h => h.update(&*bytes)),
        None => return Err(vm.type_error("object supporting the buffer API required")),
    }
    Ok(())
}

fn make(vm: &mut Vm, a: Args<'_>, mut state: State) -> R {
    let s = Signature { function: state.name(), names: ["string", "usedforsecurity"], required: 0, positional: 1 };
    let [data, _] = a.bind(vm, &s)?;
    if let Some(data) = data {
        feed(vm, &mut state, data)?;
    }
    let class = if state.block() == 64 { &SHA256 } else { &SHA512 };
    let class = vm.native_class(class);
    Ok(vm.new_opaque(&class, Hash { state: RefCell::new(state) }))
}

fn update(vm: &mut Vm, a: Args<'_>) -> R {
    let h = vm.receiver::<Hash>(a)?;
    feed(vm, &mut h.state.borrow_mut(), &a.pos[1])?;
    Ok(Value::NONE)
}

fn digest(vm: &mut Vm, a: Args<'_>) -> R {
    let bytes = vm.receiver::<Hash>(a)?.state.borrow().digest();
    Ok(Bytes::new(&vm.heap, bytes).into())
}

fn hexdigest(vm: &mut Vm, a: Args<'_>) -> R {
    let bytes = vm.receiver::<Hash>(a)?.state.borrow().digest();
    let text: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    Ok(vm.new_str(&text))
}

fn copy(vm: &mut Vm, a: Args<'_>) -> R {
    let state = vm.receiver::<Hash>(a)?.state.borrow().clone();
    let class = a.pos[0].class(&vm.heap).clone();
    Ok(vm.new_opaque(&class, Hash { state: RefCell::new(state) }))
}
