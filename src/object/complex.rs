//! The data of `complex`.

use super::header::Ref;
use super::heap::Heap;
use super::opaque::Opaque;
use super::types::Type;
use super::value::Value;
pub use crate::code::complex::{Complex, Operand, PowError};
use crate::opaque_data;

opaque_data!(Complex {});

impl Complex {
    /// A new `complex`.
    pub fn value(heap: &Heap, z: Complex) -> Value {
        Complex::value_of(heap, &heap.types().complex, z)
    }

    /// A new instance of `complex` or a subclass of it.
    pub fn value_of(heap: &Heap, class: &Ref<Type>, z: Complex) -> Value {
        heap.alloc(class, Opaque { data: Box::new(z) }).into()
    }
}

impl Value {
    /// The number of a `complex` or of an instance of a subclass of it.
    pub fn as_complex(&self) -> Option<Complex> {
        self.opaque::<Complex>().copied()
    }
}
