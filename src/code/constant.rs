//! Constants of a code object: plain data, without heap, hash or identity.  The VM turns them into objects when it
//! loads the code.

use std::hash::{DefaultHasher, Hash, Hasher};

use dashu_int::IBig;

/// A constant.
///
/// `PartialEq` is *not* derived on purpose: Python's `==` (1 == 1.0 == True) and "same constant" differ.  Use
/// [`Const::same`].
#[derive(Clone, Debug)]
pub enum Const {
    None,
    True,
    False,
    Ellipsis,
    Int(IBig),
    Float(f64),
    Complex {
        re: f64,
        im: f64,
    },
    Str(Text),
    Bytes(Box<[u8]>),
    Tuple(Box<[Const]>),
    /// In source order, duplicates (by [`Const::same`]) removed.
    FrozenSet(Box<[Const]>),
    /// The index of a nested unit (`Unit::nested`) or nested code object.
    Code(u32),
}

/// The characters of a `str` constant.  `Utf8` whenever the text has no lone surrogate, so that each text has one
/// representation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Text {
    Utf8(Box<str>),
    /// Code points, at least one of which is a lone surrogate.
    Surrogates(Box<[u32]>),
}

impl Text {
    /// The text of a sequence of code points (all below 0x110000).
    pub fn from_code_points(points: Vec<u32>) -> Text {
        match points.iter().map(|&p| char::from_u32(p)).collect::<Option<String>>() {
            Some(text) => Text::Utf8(text.into()),
            None => Text::Surrogates(points.into()),
        }
    }

    /// The code points.
    pub fn code_points(&self) -> Vec<u32> {
        match self {
            Text::Utf8(text) => text.chars().map(u32::from).collect(),
            Text::Surrogates(points) => points.to_vec(),
        }
    }

    /// The number of code points.
    pub fn len(&self) -> usize {
        match self {
            Text::Utf8(text) => text.chars().count(),
            Text::Surrogates(points) => points.len(),
        }
    }

    /// Whether there is no code point at all.
    pub fn is_empty(&self) -> bool {
        match self {
            Text::Utf8(text) => text.is_empty(),
            Text::Surrogates(points) => points.is_empty(),
        }
    }

    /// `self + other`.
    pub fn concat(&self, other: &Text) -> Text {
        match (self, other) {
            (Text::Utf8(a), Text::Utf8(b)) => Text::Utf8(format!("{a}{b}").into()),
            _ => {
                let mut points = self.code_points();
                points.extend(other.code_points());
                Text::from_code_points(points)
            }
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text::Utf8(text.into())
    }
}

impl From<&str> for Const {
    fn from(text: &str) -> Const {
        Const::Str(text.into())
    }
}

impl Const {
    /// Whether two constants may share one slot of the constant table: same type and same value all the way down,
    /// with `0.0` and `-0.0` told apart (and NaNs by their bits), as CPython's `_PyCode_ConstantKey` does.
    pub fn same(&self, other: &Const) -> bool {
        let bits = |a: &f64, b: &f64| a.to_bits() == b.to_bits();
        let all = |a: &[Const], b: &[Const]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b));
        match (self, other) {
            (Const::None, Const::None)
            | (Const::True, Const::True)
            | (Const::False, Const::False)
            | (Const::Ellipsis, Const::Ellipsis) => true,
            (Const::Int(a), Const::Int(b)) => a == b,
            (Const::Float(a), Const::Float(b)) => bits(a, b),
            (Const::Complex { re: a, im: b }, Const::Complex { re: c, im: d }) => bits(a, c) && bits(b, d),
            (Const::Str(a), Const::Str(b)) => a == b,
            (Const::Bytes(a), Const::Bytes(b)) => a == b,
            (Const::Tuple(a), Const::Tuple(b)) => all(a, b),
            (Const::FrozenSet(a), Const::FrozenSet(b)) => {
                let hashes = |set: &[Const]| {
                    let mut hashes: Vec<u64> = set.iter().map(Const::same_hash).collect();
                    hashes.sort_unstable();
                    hashes
                };
                a.len() == b.len()
                    && (all(a, b) || (hashes(a) == hashes(b) && a.iter().all(|a| b.iter().any(|b| a.same(b)))))
            }
            (Const::Code(a), Const::Code(b)) => a == b,
            _ => false,
        }
    }

    /// A hash that agrees with [`Const::same`].
    pub fn same_hash(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash_into(&mut hasher);
        hasher.finish()
    }

    fn hash_into(&self, hasher: &mut DefaultHasher) {
        std::mem::discriminant(self).hash(hasher);
        match self {
            Const::None | Const::True | Const::False | Const::Ellipsis => {}
            Const::Int(value) => value.hash(hasher),
            Const::Float(value) => value.to_bits().hash(hasher),
            Const::Complex { re, im } => (re.to_bits(), im.to_bits()).hash(hasher),
            Const::Str(text) => text.hash(hasher),
            Const::Bytes(bytes) => bytes.hash(hasher),
            Const::Tuple(items) => items.iter().for_each(|item| item.hash_into(hasher)),
            // equal sets may be in different orders
            Const::FrozenSet(items) => items.len().hash(hasher),
            Const::Code(index) => index.hash(hasher),
        }
    }

    /// Python's truth value.  A code object is true.
    pub fn truth(&self) -> bool {
        match self {
            Const::None | Const::False => false,
            Const::True | Const::Ellipsis | Const::Code(_) => true,
            Const::Int(value) => *value != IBig::ZERO,
            Const::Float(value) => *value != 0.0,
            Const::Complex { re, im } => *re != 0.0 || *im != 0.0,
            Const::Str(text) => !text.is_empty(),
            Const::Bytes(bytes) => !bytes.is_empty(),
            Const::Tuple(items) | Const::FrozenSet(items) => !items.is_empty(),
        }
    }
}
