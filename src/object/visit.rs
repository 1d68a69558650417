//! What is done to an object whose payload type only its kind tells: the one dispatch by kind in this room.

use std::ptr::NonNull;

use super::attrs::Attrs;
use super::header::{Gc, Header, Kind, flags};
use super::types::type_flags;
use super::value::Value;
use super::{dict, exception, function, generator, instance, iter, number, opaque, sequence, set, str, types};

/// Calls `$f::<T>` with the payload type of a kind.
macro_rules! with_payload {
    ($kind:expr, $T:ident => $body:expr) => {
        match $kind {
            Kind::Free => {}
            Kind::Instance => {
                type $T = instance::Instance;
                $body
            }
            Kind::BigInt => {
                type $T = number::BigInt;
                $body
            }
            Kind::Float => {
                type $T = number::Float;
                $body
            }
            Kind::Str => {
                type $T = str::Str;
                $body
            }
            Kind::Bytes => {
                type $T = sequence::Bytes;
                $body
            }
            Kind::Tuple => {
                type $T = sequence::Tuple;
                $body
            }
            Kind::List => {
                type $T = sequence::List;
                $body
            }
            Kind::Dict => {
                type $T = dict::Dict;
                $body
            }
            Kind::Set => {
                type $T = set::Set;
                $body
            }
            Kind::Range => {
                type $T = sequence::Range;
                $body
            }
            Kind::Slice => {
                type $T = sequence::Slice;
                $body
            }
            Kind::Type => {
                type $T = types::Type;
                $body
            }
            Kind::Function => {
                type $T = function::Function;
                $body
            }
            Kind::Native => {
                type $T = function::Native;
                $body
            }
            Kind::BoundMethod => {
                type $T = function::BoundMethod;
                $body
            }
            Kind::Code => {
                type $T = function::Code;
                $body
            }
            Kind::Cell => {
                type $T = function::Cell;
                $body
            }
            Kind::Generator => {
                type $T = generator::Generator;
                $body
            }
            Kind::Module => {
                type $T = function::Module;
                $body
            }
            Kind::Exception => {
                type $T = exception::Exception;
                $body
            }
            Kind::Traceback => {
                type $T = exception::Traceback;
                $body
            }
            Kind::Property => {
                type $T = function::Property;
                $body
            }
            Kind::StaticMethod => {
                type $T = function::StaticMethod;
                $body
            }
            Kind::ClassMethod => {
                type $T = function::ClassMethod;
                $body
            }
            Kind::Super => {
                type $T = function::Super;
                $body
            }
            Kind::Iter => {
                type $T = iter::Iter;
                $body
            }
            Kind::Opaque => {
                type $T = opaque::Opaque;
                $body
            }
        }
    };
}

/// Drops payload and attributes; the header stays.
///
/// # Safety
/// Nobody can reach the object, and this happens once.
pub(super) unsafe fn drop_payload(h: NonNull<Header>) {
    // SAFETY: by the caller; the kind tells the payload type.
    unsafe {
        let header = h.as_ref();
        if let Some(attrs) = Attrs::of(header) {
            attrs.clear(header);
        }
        with_payload!(header.kind(), T => std::ptr::drop_in_place(&raw mut (*h.cast::<Gc<T>>().as_ptr()).data));
    }
}

/// Shows every reference that an object owns, its class too.
pub(super) fn traverse(h: &Header, visit: &mut dyn FnMut(&Value)) {
    use super::header::Object;
    let p = NonNull::from(h);
    // SAFETY: the object is live and the kind tells the payload type.
    unsafe {
        with_payload!(h.kind(), T => <T as Object>::traverse(&p.cast::<Gc<T>>().as_ref().data, visit));
    }
    if let Some(attrs) = Attrs::of(h) {
        attrs.traverse(visit);
    }
    visit(h.ty().as_value());
}

/// Breaks the cycles that run through an object.
pub(super) fn clear(h: &Header) {
    use super::header::Object;
    let p = NonNull::from(h);
    // SAFETY: as in `traverse`.
    unsafe {
        with_payload!(h.kind(), T => <T as Object>::clear(&p.cast::<Gc<T>>().as_ref().data));
    }
    if let Some(attrs) = Attrs::of(h) {
        attrs.clear(h);
    }
}

/// Bytes that an object has outside of its cell.
pub(super) fn outside(h: &Header) -> usize {
    use super::header::Object;
    match h.kind() {
        // SAFETY: the kind says that it is opaque.
        Kind::Opaque => unsafe { NonNull::from(h).cast::<Gc<opaque::Opaque>>().as_ref() }.data.outside(),
        _ => 0,
    }
}

/// Whether the collector must look into objects of a kind.
pub(super) fn is_container(kind: Kind) -> bool {
    use super::header::Object;
    let mut result = false;
    with_payload!(kind, T => result = <T as Object>::CONTAINER);
    result
}

/// Whether an object that dies must run Python code first.
pub(super) fn needs_finalizer(h: &Header) -> bool {
    if h.has_flag(flags::HAS_ATTRS) && h.ty().has(type_flags::FINALIZER) {
        return true;
    }
    if h.kind() == Kind::Generator {
        // SAFETY: the kind says that it is a generator.
        return unsafe { NonNull::from(h).cast::<Gc<generator::Generator>>().as_ref() }.data.needs_finalizer();
    }
    if h.kind() == Kind::Opaque {
        // SAFETY: the kind says that it is opaque.
        return unsafe { NonNull::from(h).cast::<Gc<opaque::Opaque>>().as_ref() }.data.data.needs_finalizer();
    }
    false
}
