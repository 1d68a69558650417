//! The pieces into which a text or bytes are split, before they are objects.

use crate::object::heap::{Heap, OutOfMemory};
use crate::object::value::Value;

/// About what the object of a short piece takes.
const OBJECT: usize = 48;

/// Pieces of which each will be an object in a list: as many as fit under the memory ceiling, so that what a program splits
/// small cannot pass it by a multiple of the whole.
pub struct Pieces<T> {
    pieces: Vec<T>,
    room: usize,
}

impl<T> Pieces<T> {
    /// None yet.
    pub fn new(heap: &Heap) -> Pieces<T> {
        let free = heap.ceiling().saturating_sub(heap.used());
        Pieces { pieces: Vec::new(), room: free / (OBJECT + size_of::<Value>() + size_of::<T>()) }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Adds one.
    ///
    /// # Errors
    /// Where there is no room for it.
    pub fn push(&mut self, piece: T) -> Result<(), OutOfMemory> {
        if self.pieces.len() >= self.room {
            return Err(OutOfMemory);
        }
        self.pieces.push(piece);
        Ok(())
    }

    /// All, in the order in which they were added.
    pub fn all(self) -> Vec<T> {
        self.pieces
    }

    /// All, the last one first.
    pub fn reversed(mut self) -> Vec<T> {
        self.pieces.reverse();
        self.pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_no_more_than_fit_under_the_ceiling() {
        let heap = Heap::new();
        heap.set_ceiling(heap.used() + 10 * (OBJECT + 16));
        let mut pieces = Pieces::new(&heap);
        let pushed = (0..20u64).take_while(|&i| pieces.push(i).is_ok()).count();
        assert_eq!((pushed, pieces.len()), (10, 10));
        assert_eq!(pieces.reversed()[..2], [9, 8]);
    }
}
