//! The hash map of this room: with a hash that is the same in every run, so that the number of instructions that a
//! program takes is too.

use std::hash::{BuildHasherDefault, DefaultHasher};

pub(super) type HashMap<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<DefaultHasher>>;
