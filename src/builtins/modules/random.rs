//! `_random`: the Mersenne Twister MT19937 (Matsumoto and Nishimura 1998), seeded and read as CPython does, so that the
//! same seeds give the same numbers.

use std::cell::RefCell;

use dashu_int::UBig;

use super::{add_class, new as new_module};
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::number::{BigInt, Float};
use crate::object::sequence::Tuple;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, R, Vm};

const N: usize = 624;
const M: usize = 397;

struct Twister {
    words: [u32; N],
    next: usize,
}

impl Twister {
    fn seeded(seed: u32) -> Twister {
        let mut words = [0; N];
        words[0] = seed;
        for i in 1..N {
            let x: u32 = words[i - 1];
            words[i] = 1_812_433_253u32.wrapping_mul(x ^ (x >> 30)).wrapping_add(i as u32);
        }
        Twister { words, next: N }
    }

    fn seeded_by(key: &[u32]) -> Twister {
        let mut t = Twister::seeded(19_650_218);
        let w = &mut t.words;
        let (mut i, mut j) = (1, 0);
        for _ in 0..N.max(key.len()) {
            let x = w[i - 1] ^ (w[i - 1] >> 30);
            w[i] = (w[i] ^ x.wrapping_mul(1_664_525)).wrapping_add(key[j]).wrapping_add(j as u32);
            i += 1;
            if i >= N {
                w[0] = w[N - 1];
                i = 1;
            }
            j = if j + 1 >= key.len() { 0 } else { j + 1 };
        }
        for _ in 0..N - 1 {
            let x = w[i - 1] ^ (w[i - 1] >> 30);
            w[i] = (w[i] ^ x.wrapping_mul(1_566_083_941)).wrapping_sub(i as u32);
            i += 1;
            if i >= N {
                w[0] = w[N - 1];
                i = 1;
            }
        }
        w[0] = 0x8000_0000;
        t
    }

    fn refill(&mut self) {
        let w = &mut self.words;
        for i in 0..N {
            let y = (w[i] & 0x8000_0000) | (w[(i + 1) % N] & 0x7fff_ffff);
            let odd = if y & 1 == 1 { 0x9908_b0df } else { 0 };
            w[i] = w[(i + M) % N] ^ (y >> 1) ^ odd;
        }
        self.next = 0;
    }

    fn word(&mut self) -> u32 {
        if self.next >= N {
            self.refill();
        }
        let mut y = self.words[self.next];
        self.next += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }
}

struct Random {
    twister: RefCell<Twister>,
}

opaque_data!(Random {});

static RANDOM: Class = Class {
    module: "_random",
    name: "Random",
    doc: "Random(seed=None): a generator of random numbers.",
    flags: type_flags::BASE,
    new: Some(def_kw("__new__", 0, ANY, new)),
    methods: &[
        def_kw("__init__", 1, ANY, init),
        def("random", 1, 1, random),
        def("seed", 1, 2, seed),
        def("getrandbits", 2, 2, getrandbits),
        def("getstate", 1, 1, getstate),
        def("setstate", 2, 2, setstate),
    ],
    ..CLASS
};

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new_module(vm, "_random", &[]);
    add_class(vm, &m, &RANDOM);
    Ok(m)
}

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let class = vm.class_argument(a)?;
    Ok(vm.new_opaque(&class, Random { twister: RefCell::new(Twister::seeded(0)) }))
}

fn init(vm: &mut Vm, a: Args<'_>) -> R {
    let own = a.pos[0].class(&vm.heap).clone();
    let class = vm.native_class(&RANDOM);
    if own.is(&class) {
        if !a.names.is_empty() {
            return Err(vm.type_error("Random() takes no keyword arguments"));
        }
        if a.pos.len() > 2 {
            return Err(vm.type_error("Random() requires 0 or 1 argument"));
        }
    }
    let arg = a.get(1).cloned().unwrap_or(Value::NONE);
    reseed(vm, a, &arg)
}

fn seed(vm: &mut Vm, a: Args<'_>) -> R {
    let arg = a.get(1).cloned().unwrap_or(Value::NONE);
    reseed(vm, a, &arg)
}

/// By the magnitude of an int, the hash of anything else, or what the system has at random.
fn reseed(vm: &mut Vm, a: Args<'_>, arg: &Value) -> R {
    let r = vm.receiver::<Random>(a)?;
    let key = if arg.is_none() {
        let bytes = super::posix::random_bytes(vm, N * 4)?;
        bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
    } else {
        let magnitude = match arg.as_int() {
            Some(i) => i.to_big().into_parts().1,
            None => UBig::from(vm.hash(arg)?),
        };
        let bytes = magnitude.to_le_bytes();
        let words = bytes.chunks(4).map(|b| b.iter().rev().fold(0u32, |n, &b| n << 8 | u32::from(b)));
        let mut key: Vec<u32> = words.collect();
        if key.is_empty() {
            key.push(0);
        }
        key
    };
    *r.twister.borrow_mut() = Twister::seeded_by(&key);
    Ok(Value::NONE)
}

fn random(vm: &mut Vm, a: Args<'_>) -> R {
    let r = vm.receiver::<Random>(a)?;
    let mut t = r.twister.borrow_mut();
    let (high, low) = (t.word() >> 5, t.word() >> 6);
    // 53 bits, as the reference implementation puts them together.
    let x = (f64::from(high) * 67_108_864.0 + f64::from(low)) * (1.0 / 9_007_199_254_740_992.0);
    Ok(Float::value(&vm.heap, x))
}

fn getrandbits(vm: &mut Vm, a: Args<'_>) -> R {
    let r = vm.receiver::<Random>(a)?;
    let k = vm.index_i64(&a.pos[1])?;
    if k < 0 {
        return Err(vm.value_error("number of bits must be non-negative"));
    }
    vm.check_memory(usize::try_from(k / 8).ok())?;
    let mut t = r.twister.borrow_mut();
    let mut bytes = Vec::with_capacity((k / 8) as usize + 4);
    let mut left = k;
    while left > 0 {
        let word = if left < 32 { t.word() >> (32 - left) } else { t.word() };
        bytes.extend(word.to_le_bytes());
        left -= 32;
    }
    Ok(BigInt::value(&vm.heap, UBig::from_le_bytes(&bytes).into()))
}

fn getstate(vm: &mut Vm, a: Args<'_>) -> R {
    let r = vm.receiver::<Random>(a)?;
    let t = r.twister.borrow();
    let mut items: Vec<Value> = t.words.iter().map(|&w| Value::int_unchecked(w.into())).collect();
    items.push(Value::from_len(t.next));
    Ok(Tuple::new(&vm.heap, items).into())
}

fn setstate(vm: &mut Vm, a: Args<'_>) -> R {
    let r = vm.receiver::<Random>(a)?;
    let Some(state) = a.pos[1].downcast::<Tuple>().cloned() else {
        return Err(vm.type_error("state vector must be a tuple"));
    };
    if state.len() != N + 1 {
        return Err(vm.value_error("state vector is the wrong size"));
    }
    let mut words = [0; N];
    for (w, v) in words.iter_mut().zip(state.iter()) {
        *w = vm.index_i64(v)? as u32;
    }
    let next = vm.index_i64(&state[N])?;
    let Some(next) = usize::try_from(next).ok().filter(|&n| n <= N) else {
        return Err(vm.value_error("invalid state"));
    };
    *r.twister.borrow_mut() = Twister { words, next };
    Ok(Value::NONE)
}
