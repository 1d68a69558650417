//! The functions of `math` on integers of any size.

use dashu_int::ops::{BitTest, Gcd};
use dashu_int::{IBig, UBig};

use crate::object::number::BigInt;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def};
use crate::vm::{Args, R, Vm};

pub const TABLE: &[Def] = &[
    def("comb", 2, 2, comb),
    def("factorial", 1, 1, factorial),
    def("gcd", 0, ANY, gcd),
    def("isqrt", 1, 1, isqrt),
    def("lcm", 0, ANY, lcm),
    def("perm", 1, 2, perm),
];

fn integer(vm: &mut Vm, v: &Value) -> R<IBig> {
    let i = vm.index(v)?;
    Ok(i.as_int().map(|i| i.to_big()).unwrap_or_default())
}

/// The absolute value.
fn magnitude(i: IBig) -> UBig {
    i.into_parts().1
}

fn natural(vm: &mut Vm, v: &Value, name: &str) -> R<UBig> {
    let i = integer(vm, v)?;
    if i < IBig::from(0) {
        return Err(vm.value_error(format!("{name} must be a non-negative integer")));
    }
    Ok(magnitude(i))
}

fn value(vm: &Vm, u: UBig) -> R {
    Ok(BigInt::value(&vm.heap, IBig::from(u)))
}

/// The product of `count` numbers that begin with `from`, by halves so that the factors stay of like size.
fn product(vm: &mut Vm, from: &UBig, count: u64) -> R<UBig> {
    if count <= 16 {
        let mut p = UBig::from(1u8);
        for i in 0..count {
            p *= from + UBig::from(i);
        }
        return Ok(p);
    }
    let half = count / 2;
    let (low, high) = (product(vm, from, half)?, product(vm, &(from + UBig::from(half)), count - half)?);
    vm.begin_product((low.bit_len() + high.bit_len()) / 8)?;
    Ok(low * high)
}

/// Asks for the memory of a product of `count` factors of up to `bits` bits each.
fn check_product(vm: &mut Vm, count: u64, bits: usize) -> R<()> {
    vm.check_memory(usize::try_from(count).ok().and_then(|n| n.checked_mul(bits)).map(|b| b / 8))
}

fn factorial(vm: &mut Vm, a: Args<'_>) -> R {
    let n = integer(vm, &a.pos[0])?;
    if n < IBig::from(0) {
        return Err(vm.value_error("factorial() not defined for negative values"));
    }
    let Ok(n) = i64::try_from(&n) else {
        return Err(vm.overflow_error(format!("factorial() argument should not exceed {}", i64::MAX)));
    };
    check_product(vm, n as u64, 64 - n.leading_zeros() as usize)?;
    let all = product(vm, &UBig::from(1u8), n as u64)?;
    value(vm, all)
}

fn gcd(vm: &mut Vm, a: Args<'_>) -> R {
    let mut g = UBig::from(0u8);
    for v in a.pos {
        let x = magnitude(integer(vm, v)?);
        g = if g == UBig::from(0u8) {
            x
        } else if x == UBig::from(0u8) {
            g
        } else {
            g.gcd(x)
        };
    }
    value(vm, g)
}

fn lcm(vm: &mut Vm, a: Args<'_>) -> R {
    let zero = UBig::from(0u8);
    let mut m = UBig::from(1u8);
    for v in a.pos {
        let x = magnitude(integer(vm, v)?);
        if m == zero || x == zero {
            m = zero.clone();
            continue;
        }
        let g = (&m).gcd(&x);
        m *= x / g;
    }
    value(vm, m)
}

fn isqrt(vm: &mut Vm, a: Args<'_>) -> R {
    let n = integer(vm, &a.pos[0])?;
    if n < IBig::from(0) {
        return Err(vm.value_error("isqrt() argument must be nonnegative"));
    }
    let n = magnitude(n);
    if n == UBig::from(0u8) {
        return value(vm, n);
    }
    // Newton's method from above.
    let mut x = UBig::from(1u8) << n.bit_len().div_ceil(2);
    loop {
        vm.begin_product(n.bit_len() / 8)?;
        let y: UBig = (&x + &n / &x) >> 1usize;
        if y >= x {
            return value(vm, x);
        }
        x = y;
    }
}

fn perm(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(k) = a.get(1).filter(|k| !k.is_none()) else {
        return factorial(vm, a);
    };
    let n = natural(vm, &a.pos[0], "n")?;
    let k = natural(vm, k, "k")?;
    if k > n {
        return value(vm, UBig::from(0u8));
    }
    let Ok(count) = u64::try_from(&k) else {
        return Err(vm.overflow_error(format!("k must not exceed {}", i64::MAX)));
    };
    check_product(vm, count, n.bit_len())?;
    let all = product(vm, &(n - k + UBig::from(1u8)), count)?;
    value(vm, all)
}

fn comb(vm: &mut Vm, a: Args<'_>) -> R {
    // Whether both are ints comes first.
    let (n, k) = (vm.index(&a.pos[0])?, vm.index(&a.pos[1])?);
    let (n, k) = (natural(vm, &n, "n")?, natural(vm, &k, "k")?);
    if k > n {
        return value(vm, UBig::from(0u8));
    }
    let k = (&n - &k).min(k);
    let Ok(count) = u64::try_from(&k) else {
        return Err(vm.overflow_error(format!("min(n - k, k) must not exceed {}", i64::MAX)));
    };
    check_product(vm, count, n.bit_len())?;
    let (above, below) = (product(vm, &(n - k + UBig::from(1u8)), count)?, product(vm, &UBig::from(1u8), count)?);
    vm.begin_product(above.bit_len() / 8)?;
    value(vm, above / below)
}
