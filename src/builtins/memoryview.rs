//! `memoryview`: its constructor and methods.

use super::bytes;
use super::scalar::{self, Misfit};
use super::slots;
use crate::code::operators::CompareOp;
use crate::object::buffer::{Layout, MemoryView};
use crate::object::iter::IterState;
use crate::object::number::BigInt;
use crate::object::sequence::{Bytes, List, Slice, Tuple};
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::protocol::buffer::buffer_flags;
use crate::vm::{Args, R, Vm};

/// Gives `memoryview` its methods.
pub fn install(vm: &mut Vm) {
    let class = vm.types().memoryview.clone();
    vm.add_static(&class, &[def_kw("__new__", 0, ANY, new)]);
    vm.add_methods(&class, METHODS);
    vm.add_class_methods(&class, &[def_kw("_from_flags", 1, 3, from_flags)]);
    for (name, get) in GETTERS {
        vm.add_getset(&class, name, *get, None);
    }
    let class = vm.types().memory_iterator.clone();
    vm.add_methods(&class, &[slots::ITER, slots::NEXT]);
}

/// `__buffer__(flags)` of what has bytes: a view of them.
pub const BUFFER: Def = def("__buffer__", 2, 2, |vm, a| {
    let flags = flags(vm, &a.pos[1])?;
    Ok(vm.lend_own_bytes(&a.pos[0], flags)?.unwrap_or(Value::NONE))
});

fn flags(vm: &mut Vm, v: &Value) -> R<i32> {
    let n = vm.index_i64(v)?;
    i32::try_from(n).map_err(|_| vm.overflow_error("buffer flags too large"))
}

/// `__release_buffer__(view)`: gives up a view that `__buffer__` gave.
pub const RELEASE_BUFFER: Def = def("__release_buffer__", 2, 2, |vm, a| {
    let Some(view) = a.pos[1].opaque::<MemoryView>() else {
        return Err(vm.type_error("expected a memoryview object"));
    };
    if view.is_released() {
        return Err(vm.value_error("memoryview's buffer has already been released"));
    }
    if !view.is_of(&a.pos[0]) {
        return Err(vm.value_error("memoryview's buffer is not this object"));
    }
    vm.release_view(&a.pos[1]);
    Ok(Value::NONE)
});

const METHODS: &[Def] = &[
    BUFFER,
    RELEASE_BUFFER,
    def("__repr__", 1, 1, repr),
    def("__hash__", 1, 1, hash),
    def("__eq__", 2, 2, |vm, a| compare(vm, a, CompareOp::Eq)),
    def("__ne__", 2, 2, |vm, a| compare(vm, a, CompareOp::Ne)),
    def("__lt__", 2, 2, |_, _| Ok(Value::NOT_IMPLEMENTED)),
    def("__le__", 2, 2, |_, _| Ok(Value::NOT_IMPLEMENTED)),
    def("__gt__", 2, 2, |_, _| Ok(Value::NOT_IMPLEMENTED)),
    def("__ge__", 2, 2, |_, _| Ok(Value::NOT_IMPLEMENTED)),
    def("__len__", 1, 1, len),
    def("__iter__", 1, 1, iter),
    def("__getitem__", 2, 2, get_item),
    def("__setitem__", 3, 3, set_item),
    def("__delitem__", 2, 2, |vm, a| {
        let what = if this(vm, a)?.readonly { "cannot modify read-only memory" } else { "cannot delete memory" };
        Err(vm.type_error(what))
    }),
    def("__enter__", 1, 1, |vm, a| {
        this(vm, a)?;
        Ok(a.pos[0].clone())
    }),
    def("__exit__", 1, 4, release),
    def("release", 1, 1, release),
    def_kw("tobytes", 1, ANY, tobytes),
    def("tolist", 1, 1, tolist),
    def_kw("hex", 1, ANY, bytes::hex),
    def_kw("cast", 1, ANY, cast),
    def("toreadonly", 1, 1, toreadonly),
    def("count", 2, 2, count),
    def("index", 2, 4, index),
];

type Getter = fn(&mut Vm, Args<'_>) -> R;

const GETTERS: &[(&str, Getter)] = &[
    ("obj", |vm, a| Ok(this(vm, a)?.source.get().unwrap_or(Value::NONE))),
    ("nbytes", |vm, a| {
        let layout = &this(vm, a)?.layout;
        Ok(Value::from_len(layout.count() * layout.itemsize))
    }),
    ("readonly", |vm, a| Ok(Value::bool(this(vm, a)?.readonly))),
    ("itemsize", |vm, a| Ok(Value::from_len(this(vm, a)?.layout.itemsize))),
    ("format", |vm, a| {
        let format = &this(vm, a)?.layout.format;
        Ok(vm.new_str(format))
    }),
    ("ndim", |vm, a| Ok(Value::from_len(this(vm, a)?.layout.shape.len()))),
    ("shape", |vm, a| {
        let shape: Vec<Value> = this(vm, a)?.layout.shape.iter().map(|&n| Value::from_len(n)).collect();
        Ok(Tuple::new(&vm.heap, shape).into())
    }),
    ("strides", |vm, a| {
        let strides: Vec<Value> = this(vm, a)?.layout.strides.iter().map(|&n| Value::int_unchecked(n as i64)).collect();
        Ok(Tuple::new(&vm.heap, strides).into())
    }),
    ("suboffsets", |vm, a| {
        this(vm, a)?;
        Ok(Tuple::new(&vm.heap, Vec::new()).into())
    }),
    ("c_contiguous", |vm, a| Ok(Value::bool(this(vm, a)?.layout.is_contiguous(false)))),
    ("f_contiguous", |vm, a| Ok(Value::bool(this(vm, a)?.layout.is_contiguous(true)))),
    ("contiguous", |vm, a| {
        let layout = &this(vm, a)?.layout;
        Ok(Value::bool(layout.is_contiguous(false) || layout.is_contiguous(true)))
    }),
];

fn any<'a>(vm: &mut Vm, a: Args<'a>) -> R<&'a MemoryView> {
    match a.pos.first().and_then(|v| v.opaque::<MemoryView>()) {
        Some(view) => Ok(view),
        None => Err(vm.type_error("descriptor requires a 'memoryview' object")),
    }
}

/// The receiver, which is not released.
fn this<'a>(vm: &mut Vm, a: Args<'a>) -> R<&'a MemoryView> {
    let view = any(vm, a)?;
    if view.is_released() { Err(vm.released_view()) } else { Ok(view) }
}

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    match a.rest().bind(vm, &signature("memoryview", ["object"], 1))? {
        [Some(v)] => of_object(vm, v, buffer_flags::FULL_RO),
        [None] => Ok(Value::NONE),
    }
}

fn from_flags(vm: &mut Vm, a: Args<'_>) -> R {
    let [object, flags] = a.rest().bind(vm, &signature("_from_flags", ["object", "flags"], 2))?;
    let flags = self::flags(vm, flags.unwrap_or(&Value::NONE))?;
    of_object(vm, object.unwrap_or(&Value::NONE), flags)
}

fn of_object(vm: &mut Vm, v: &Value, flags: i32) -> R {
    match vm.lend_bytes(v, flags)? {
        Some(view) => Ok(view),
        None => {
            let got = vm.class_name(v);
            Err(vm.type_error(format!("memoryview: a bytes-like object is required, not '{got}'")))
        }
    }
}

/// The bytes of an item.
fn pack(vm: &mut Vm, layout: &Layout, v: &Value) -> R<Vec<u8>> {
    let mut out = [0; scalar::WIDEST];
    match scalar::pack(vm, layout.code, layout.itemsize, v, &mut out) {
        Ok(()) => Ok(out[..layout.itemsize].to_vec()),
        Err(Misfit::Raised(e)) => Err(e),
        Err(Misfit::Type) => Err(vm.type_error(format!("memoryview: invalid type for format '{}'", layout.format))),
        Err(Misfit::Range) => Err(vm.value_error(format!("memoryview: invalid value for format '{}'", layout.format))),
    }
}

fn item(vm: &mut Vm, view: &MemoryView, at: usize) -> R {
    let size = view.layout.itemsize;
    match view.read(|data| data[at..at + size].to_vec()) {
        Some(b) => Ok(scalar::unpack(vm, view.layout.code, &b)),
        None => Err(vm.released_view()),
    }
}

fn items(vm: &mut Vm, view: &MemoryView) -> R<Vec<Value>> {
    let Some(data) = view.to_vec() else { return Err(vm.released_view()) };
    Ok(data.chunks_exact(view.layout.itemsize).map(|b| scalar::unpack(vm, view.layout.code, b)).collect())
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let view = any(vm, a)?;
    let what = if view.is_released() { "released memory" } else { "memory" };
    let text = format!("<{what} at {:#x}>", a.pos[0].bits());
    Ok(vm.new_str(&text))
}

fn hash(vm: &mut Vm, a: Args<'_>) -> R {
    let view = any(vm, a)?;
    if view.hash.get().is_none() {
        this(vm, a)?;
        if !view.readonly {
            return Err(vm.value_error("cannot hash writable memoryview object"));
        }
        if !matches!(view.layout.code, b'B' | b'b' | b'c') {
            return Err(vm.value_error("memoryview: hashing is restricted to formats 'B', 'b' or 'c'"));
        }
        let data: Value = Bytes::new(&vm.heap, view.to_vec().unwrap_or_default()).into();
        view.hash.set(Some(vm.hash(&data)?));
    }
    Ok(BigInt::from_i64(&vm.heap, view.hash.get().unwrap_or(0) as i64))
}

fn compare(vm: &mut Vm, a: Args<'_>, op: CompareOp) -> R {
    let view = any(vm, a)?;
    let same = a.pos[0].is(&a.pos[1]);
    let equal = if same || view.is_released() {
        same
    } else {
        match (a.pos[1].opaque::<MemoryView>(), a.pos[1].bytes_like()) {
            (Some(other), _) if other.is_released() => false,
            (Some(other), _) => {
                view.layout.shape == other.layout.shape && {
                    let (x, y) = (items(vm, view)?, items(vm, other)?);
                    equal_items(vm, &x, &y)?
                }
            }
            (None, Some(data)) => {
                let x = items(vm, view)?;
                let y: Vec<Value> = data.iter().map(|&b| Value::from_len(b.into())).collect();
                view.layout.shape == [y.len()] && equal_items(vm, &x, &y)?
            }
            (None, None) => return Ok(Value::NOT_IMPLEMENTED),
        }
    };
    Ok(Value::bool(equal == (op == CompareOp::Eq)))
}

fn equal_items(vm: &mut Vm, x: &[Value], y: &[Value]) -> R<bool> {
    for (p, q) in x.iter().zip(y) {
        if !vm.eq(p, q)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn len(vm: &mut Vm, a: Args<'_>) -> R {
    match this(vm, a)?.layout.shape.first() {
        Some(&n) => Ok(Value::from_len(n)),
        None => Err(vm.type_error("0-dim memory has no length")),
    }
}

fn iter(vm: &mut Vm, a: Args<'_>) -> R {
    let view = this(vm, a)?;
    match view.layout.shape.len() {
        0 => return Err(vm.type_error("invalid indexing of 0-dim memory")),
        1 => {}
        _ => return Err(vm.not_implemented_error("multi-dimensional sub-views are not implemented")),
    }
    let state = IterState::Sequence { object: a.pos[0].clone(), next: 0 };
    Ok(vm.new_iter(&vm.types().memory_iterator.clone(), state))
}

/// Where an item of one axis starts, relative to the others.
fn along(vm: &mut Vm, layout: &Layout, axis: usize, i: i64) -> R<isize> {
    let n = layout.shape[axis] as i64;
    let at = if i < 0 { i.saturating_add(n) } else { i };
    if !(0..n).contains(&at) {
        return Err(vm.index_error(format!("index out of bounds on dimension {}", axis + 1)));
    }
    Ok(at as isize * layout.strides[axis])
}

fn is_slice(key: &Value) -> bool {
    key.downcast::<Slice>().is_some()
}

/// Whether a key is a tuple of slices.
fn is_slices(key: &Value) -> bool {
    key.downcast::<Tuple>().is_some_and(|t| !t.is_empty() && t.iter().all(is_slice))
}

/// What a subscript selects.
enum Selected {
    Item(usize),
    Part(Layout),
}

/// What a slice selects of a view, along its first dimension.
fn slice_layout(vm: &mut Vm, layout: &Layout, s: &Slice) -> R<Layout> {
    let bounds = vm.slice_bounds(s, || layout.shape[0])?;
    let mut part = layout.clone();
    // Where there is nothing, a backward slice would start in front of the bytes.
    if bounds.count > 0 {
        part.offset += bounds.start as isize * layout.strides[0];
    }
    part.shape[0] = bounds.count;
    // A step that overflows selects one item at most, which needs none.
    part.strides[0] = layout.strides[0].wrapping_mul(bounds.step as isize);
    Ok(part)
}

fn select(vm: &mut Vm, view: &MemoryView, key: &Value) -> R<Selected> {
    let layout = &view.layout;
    let dims = layout.shape.len();
    if dims == 0 {
        let whole = key.is(&Value::ELLIPSIS) || key.downcast::<Tuple>().is_some_and(|t| t.is_empty());
        return if whole {
            Ok(Selected::Item(layout.offset as usize))
        } else {
            Err(vm.type_error("invalid indexing of 0-dim memory"))
        };
    }
    if let Some(s) = key.downcast::<Slice>() {
        // Of several dimensions, the first.
        return Ok(Selected::Part(slice_layout(vm, layout, s)?));
    }
    if let Some(t) = key.downcast::<Tuple>() {
        let t = t.clone();
        if is_slices(key) {
            return Err(vm.not_implemented_error("multi-dimensional slicing is not implemented"));
        }
        if t.len() < dims {
            return Err(vm.not_implemented_error("sub-views are not implemented"));
        }
        if t.len() > dims {
            let n = t.len();
            return Err(vm.type_error(format!("cannot index {dims}-dimension view with {n}-element tuple")));
        }
        let mut at = layout.offset;
        for (axis, k) in t.iter().enumerate() {
            let Some(i) = vm.index_opt(k)? else { return Err(vm.type_error("memoryview: invalid slice key")) };
            let i = vm.index_position(&i)?;
            at += along(vm, layout, axis, i)?;
        }
        return Ok(Selected::Item(at as usize));
    }
    let Some(i) = vm.index_opt(key)? else { return Err(vm.type_error("memoryview: invalid slice key")) };
    if dims > 1 {
        return Err(vm.not_implemented_error("multi-dimensional sub-views are not implemented"));
    }
    let i = vm.index_position(&i)?;
    Ok(Selected::Item((layout.offset + along(vm, layout, 0, i)?) as usize))
}

fn get_item(vm: &mut Vm, a: Args<'_>) -> R {
    let view = this(vm, a)?;
    if let Some(s) = a.pos[1].downcast::<Slice>()
        && view.layout.shape.len() == 1
    {
        // The part is of what is viewed now, whatever the bounds of the slice do to the view.
        let Some(whole) = view.derive(&vm.heap, view.layout.clone(), view.readonly) else {
            return Err(vm.no_more_views(view));
        };
        let Some(whole) = whole.opaque::<MemoryView>() else { return Err(vm.released_view()) };
        let layout = slice_layout(vm, &whole.layout, s)?;
        return whole.derive(&vm.heap, layout, whole.readonly).ok_or_else(|| vm.released_view());
    }
    let selected = select(vm, view, &a.pos[1])?;
    this(vm, a)?;
    match selected {
        Selected::Item(at) => item(vm, view, at),
        Selected::Part(layout) => match view.derive(&vm.heap, layout, view.readonly) {
            Some(part) => Ok(part),
            None => Err(vm.released_view()),
        },
    }
}

fn set_item(vm: &mut Vm, a: Args<'_>) -> R {
    let view = this(vm, a)?;
    if view.readonly {
        return Err(vm.type_error("cannot modify read-only memory"));
    }
    let key = &a.pos[1];
    if view.layout.shape.len() > 1 {
        if is_slice(key) || is_slices(key) {
            let text = "memoryview slice assignments are currently restricted to ndim = 1";
            return Err(vm.not_implemented_error(text));
        }
        if key.downcast::<Tuple>().is_none() && vm.index_opt(key)?.is_some() {
            return Err(vm.not_implemented_error("sub-views are not implemented"));
        }
    }
    let selected = select(vm, view, key)?;
    this(vm, a)?;
    match selected {
        Selected::Item(at) => {
            let b = pack(vm, &view.layout, &a.pos[2])?;
            this(vm, a)?;
            view.write(at, &b);
        }
        Selected::Part(layout) => {
            let (data, code, shape) = match (a.pos[2].opaque::<MemoryView>(), a.pos[2].bytes_like()) {
                (Some(v), Some(data)) => (data, v.layout.code, v.layout.shape.clone()),
                (None, Some(data)) => {
                    let n = data.len();
                    (data, b'B', vec![n])
                }
                (Some(_), None) => return Err(vm.released_view()),
                (None, None) => {
                    let got = vm.class_name(&a.pos[2]);
                    return Err(vm.type_error(format!("a bytes-like object is required, not '{got}'")));
                }
            };
            if code != layout.code || shape != layout.shape {
                return Err(vm.value_error("memoryview assignment: lvalue and rvalue have different structures"));
            }
            for (at, b) in layout.positions().into_iter().zip(data.chunks_exact(layout.itemsize)) {
                view.write(at, b);
            }
        }
    }
    Ok(Value::NONE)
}

fn release(vm: &mut Vm, a: Args<'_>) -> R {
    any(vm, a)?;
    vm.release_view(&a.pos[0]);
    Ok(Value::NONE)
}

fn tobytes(vm: &mut Vm, a: Args<'_>) -> R {
    let [order] = a.rest().bind(vm, &signature("tobytes", ["order"], 0))?;
    let view = this(vm, a)?;
    let fortran = match order.filter(|v| !v.is_none()) {
        None => false,
        Some(v) => match v.downcast::<Str>().and_then(|s| s.as_ascii()) {
            Some("C" | "A") => false,
            Some("F") => true,
            None if v.downcast::<Str>().is_none() => {
                let got = vm.argument_class(v);
                return Err(vm.type_error(format!("tobytes() argument 'order' must be str or None, not {got}")));
            }
            _ => return Err(vm.value_error("order must be 'C', 'F' or 'A'")),
        },
    };
    let data = if fortran && view.layout.shape.len() > 1 {
        let mut turned = view.layout.clone();
        turned.shape.reverse();
        turned.strides.reverse();
        let size = turned.itemsize;
        view.read(|data| turned.positions().into_iter().flat_map(|p| data[p..p + size].to_vec()).collect())
    } else {
        view.to_vec()
    };
    Ok(Bytes::new(&vm.heap, data.unwrap_or_default()).into())
}

fn tolist(vm: &mut Vm, a: Args<'_>) -> R {
    let view = this(vm, a)?;
    let mut flat = items(vm, view)?;
    let Some((_, inner)) = view.layout.shape.split_first() else {
        return Ok(flat.pop().unwrap_or(Value::NONE));
    };
    // The innermost lists first.
    for &n in inner.iter().rev() {
        let mut lists = Vec::new();
        let mut rest = flat.into_iter().peekable();
        while rest.peek().is_some() && n > 0 {
            let part: Vec<Value> = rest.by_ref().take(n).collect();
            lists.push(List::new(&vm.heap, part).into());
        }
        flat = lists;
    }
    Ok(List::new(&vm.heap, flat).into())
}

fn toreadonly(vm: &mut Vm, a: Args<'_>) -> R {
    let view = this(vm, a)?;
    match view.derive(&vm.heap, view.layout.clone(), true) {
        Some(v) => Ok(v),
        None => Err(vm.no_more_views(view)),
    }
}

/// The most dimensions that a view has (C's PyBUF_MAX_NDIM).
const MAX_DIMENSIONS: usize = 64;

fn cast(vm: &mut Vm, a: Args<'_>) -> R {
    let [format, shape] = a.rest().bind(vm, &signature("cast", ["format", "shape"], 1))?;
    let view = this(vm, a)?;
    let Some(format) = format.and_then(|f| f.downcast::<Str>()).map(|s| s.to_string()) else {
        let got = format.map(|f| vm.class_name(f)).unwrap_or_default();
        return Err(vm.type_error(format!("cast() argument 'format' must be str, not {got}")));
    };
    let old = &view.layout;
    if !old.is_contiguous(false) {
        return Err(vm.type_error("memoryview: casts are restricted to C-contiguous views"));
    }
    let shape = match shape {
        None => None,
        Some(v) => match (v.downcast::<List>().map(|l| l.to_vec()), v.downcast::<Tuple>().map(|t| t.to_vec())) {
            (Some(items), _) | (_, Some(items)) => Some(items),
            _ => return Err(vm.type_error("shape must be a list or a tuple")),
        },
    };
    if shape.is_some() && old.shape.len() != 1 && shape.as_ref().is_some_and(|s| s.len() != 1) {
        return Err(vm.type_error("memoryview: cast must be 1D -> ND or ND -> 1D"));
    }
    let code = format.strip_prefix('@').unwrap_or(&format).as_bytes();
    let (code, itemsize) = match *code {
        [code] => match scalar::native_size(code) {
            Some(size) => (code, size),
            None => (0, 0),
        },
        _ => (0, 0),
    };
    if itemsize == 0 {
        return Err(vm.value_error(
            "memoryview: destination format must be a native single character format prefixed with an optional '@'",
        ));
    }
    let is_byte = |code: u8| matches!(code, b'b' | b'B' | b'c');
    if !is_byte(code) && !is_byte(old.code) {
        return Err(vm.type_error("memoryview: cannot cast between two non-byte formats"));
    }
    let bytes = old.count() * old.itemsize;
    if !bytes.is_multiple_of(itemsize) {
        return Err(vm.type_error("memoryview: length is not a multiple of itemsize"));
    }
    let shape = match shape {
        None => vec![bytes / itemsize],
        Some(items) => {
            let mut shape = Vec::with_capacity(items.len());
            for v in &items {
                if v.as_int().is_none() {
                    return Err(vm.type_error("memoryview.cast(): elements of shape must be integers"));
                }
                match usize::try_from(vm.index_i64(v)?).ok().filter(|&n| n > 0) {
                    Some(n) => shape.push(n),
                    None => {
                        return Err(vm.value_error("memoryview.cast(): elements of shape must be integers > 0"));
                    }
                }
            }
            if shape.len() > MAX_DIMENSIONS {
                let text = format!("memoryview: number of dimensions must not exceed {MAX_DIMENSIONS}");
                return Err(vm.value_error(text));
            }
            let product = shape.iter().try_fold(itemsize, |all, &n| all.checked_mul(n));
            let Some(product) = product.filter(|&n| n <= isize::MAX as usize) else {
                return Err(vm.value_error("memoryview.cast(): product(shape) > SSIZE_MAX"));
            };
            if product != bytes {
                return Err(vm.type_error("memoryview: product(shape) * itemsize != buffer size"));
            }
            shape
        }
    };
    let layout = Layout::contiguous(format, code, itemsize, old.offset, shape);
    match view.derive(&vm.heap, layout, view.readonly) {
        Some(v) => Ok(v),
        None => Err(vm.no_more_views(view)),
    }
}

fn count(vm: &mut Vm, a: Args<'_>) -> R {
    let view = this(vm, a)?;
    let mut n = 0;
    for v in items(vm, view)? {
        n += usize::from(vm.eq_or_is(&v, &a.pos[1])?);
    }
    Ok(Value::from_len(n))
}

fn index(vm: &mut Vm, a: Args<'_>) -> R {
    let view = this(vm, a)?;
    let all = items(vm, view)?;
    let range = super::str::bounds(vm, a.get(2), a.get(3), all.len())?;
    let (from, to) = range.unwrap_or((0, 0));
    for (i, v) in all[from..to].iter().enumerate() {
        if vm.eq_or_is(v, &a.pos[1])? {
            return Ok(Value::from_len(from + i));
        }
    }
    Err(vm.value_error("memoryview.index(x): x not found"))
}
