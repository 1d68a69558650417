//! Modules that come from elsewhere than files: a library in Python, packed into one piece of data.

use std::collections::HashMap;
use std::rc::Rc;

/// The source of a module of a library.
pub struct LibraryModule {
    /// UTF-8, or what its coding line says.
    pub source: Rc<[u8]>,
    /// What `__file__` and tracebacks call it; no file of this name has to be there.
    pub file: String,
    /// It has submodules: its `__path__` is made of the folder part of `file`.
    pub is_package: bool,
}

/// Where modules are looked for when neither the native modules nor `sys.path` have them.
pub trait Library {
    /// The module of an absolute dotted name.
    fn module(&self, name: &str) -> Option<LibraryModule>;
}

/// How a packed library begins: a name and the version of the format.
const MAGIC: &[u8; 8] = b"EXMLIB\x00\x01";

/// A library in one array of bytes: the magic, then for each module the length of its name (2 bytes, little endian), the
/// name, a byte that is 1 for a package, the length of the source (4 bytes), the source.
pub struct PackedLibrary {
    /// What stands in front of the modules' names in `file`.
    root: String,
    modules: HashMap<String, (bool, Rc<[u8]>)>,
}

/// Bytes that are no packed library; the position at which that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotALibrary(pub usize);

impl PackedLibrary {
    /// Reads a packed library; `root` names it in `__file__`.
    pub fn new(root: &str, data: &[u8]) -> Result<PackedLibrary, NotALibrary> {
        let mut at = MAGIC.len();
        if !data.starts_with(MAGIC) {
            return Err(NotALibrary(0));
        }
        let mut modules = HashMap::new();
        while at < data.len() {
            let start = at;
            let mut take = |n: usize| -> Result<&[u8], NotALibrary> {
                let end = at.checked_add(n).ok_or(NotALibrary(start))?;
                let part = data.get(at..end).ok_or(NotALibrary(start))?;
                at = end;
                Ok(part)
            };
            let length = take(2)?;
            let length = u16::from_le_bytes([length[0], length[1]]);
            let name = std::str::from_utf8(take(length.into())?).map_err(|_| NotALibrary(start))?;
            let is_package = take(1)? == [1];
            let length = take(4)?;
            let length = u32::from_le_bytes([length[0], length[1], length[2], length[3]]);
            let source = take(length as usize)?;
            modules.insert(name.to_owned(), (is_package, Rc::from(source)));
        }
        Ok(PackedLibrary { root: root.to_owned(), modules })
    }

    /// Packs modules: name, whether it is a package, source.  None where one is too long for the format.
    pub fn pack<'a>(modules: impl IntoIterator<Item = (&'a str, bool, &'a [u8])>) -> Option<Vec<u8>> {
        let mut data = MAGIC.to_vec();
        for (name, is_package, source) in modules {
            data.extend(u16::try_from(name.len()).ok()?.to_le_bytes());
            data.extend(name.as_bytes());
            data.push(is_package.into());
            data.extend(u32::try_from(source.len()).ok()?.to_le_bytes());
            data.extend(source);
        }
        Some(data)
    }
}

impl Library for PackedLibrary {
    fn module(&self, name: &str) -> Option<LibraryModule> {
        let (is_package, source) = self.modules.get(name)?;
        let last = if *is_package { "/__init__.py" } else { ".py" };
        let file = format!("{}/{}{last}", self.root, name.replace('.', "/"));
        Some(LibraryModule { source: source.clone(), file, is_package: *is_package })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_found_again() {
        let data =
            PackedLibrary::pack([("a", false, &b"x = 1"[..]), ("p", true, b""), ("p.b", false, b"y = 2")]).unwrap();
        let library = PackedLibrary::new("<library>", &data).unwrap();
        let found = library.module("p").unwrap();
        assert_eq!((found.file.as_str(), found.is_package), ("<library>/p/__init__.py", true));
        let found = library.module("p.b").unwrap();
        assert_eq!((found.file.as_str(), &*found.source), ("<library>/p/b.py", &b"y = 2"[..]));
        assert!(library.module("b").is_none());
    }

    #[test]
    fn damaged_data_is_refused_with_its_place() {
        let data = PackedLibrary::pack([("a", false, &b"x = 1"[..]), ("b", false, b"y = 2")]).unwrap();
        assert_eq!(PackedLibrary::new("", b"").err(), Some(NotALibrary(0)));
        let second = 8 + 2 + 1 + 1 + 4 + 5;
        for end in second + 1..data.len() {
            assert_eq!(PackedLibrary::new("", &data[..end]).err(), Some(NotALibrary(second)), "cut at {end}");
        }
        let mut endless = data.clone();
        endless[second + 4..second + 8].fill(0xff);
        assert_eq!(PackedLibrary::new("", &endless).err(), Some(NotALibrary(second)));
    }
}
