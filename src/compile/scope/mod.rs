//! The symbol table: which scopes a module has, and where each name of each scope lives.
//!
//! The rules and the words of the errors are those of CPython's symbol table.

mod analyze;
mod patterns;
mod statements;
mod visit;

use ruff_text_size::TextRange;
use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

pub use visit::{MAX_DEPTH, build};

/// Variables of a class that its methods and annotations see and its namespace does not hold: each is a cell of the
/// class, made where a scope inside uses it.
pub const CLASS_CELLS: [&str; 3] = ["__class__", "__classdict__", super::annotations::CONDITIONAL];

/// An index into [`SymbolTable::scopes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ScopeId(pub usize);

/// What a scope is the body of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeKind {
    Module,
    Class,
    /// A function, lambda or comprehension.
    Function,
    /// The scope around a generic function or class, or a type alias, that holds its type parameters.
    TypeParams,
    /// The bound, constraints or default of a type parameter.
    TypeVariable,
    /// The value of a `type` statement.
    TypeAlias,
    /// The annotations of a function, class or module.
    Annotations,
}

/// What kind of comprehension a function scope is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comprehension {
    None,
    List,
    Set,
    Dict,
    Generator,
}

/// Where a name lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Not resolved yet, or not a name of the scope.
    Unknown,
    Local,
    GlobalExplicit,
    GlobalImplicit,
    Free,
    Cell,
}

/// How a scope uses a name: bits of [`Symbol::uses`].
pub mod uses {
    pub const GLOBAL: u32 = 1;
    pub const LOCAL: u32 = 2;
    pub const PARAM: u32 = 4;
    pub const NONLOCAL: u32 = 8;
    pub const USE: u32 = 16;
    /// Free in a method, bound in the class.
    pub const FREE_CLASS: u32 = 64;
    pub const IMPORT: u32 = 128;
    pub const ANNOTATED: u32 = 256;
    /// The target of a comprehension's `for`.
    pub const COMP_ITER: u32 = 512;
    pub const TYPE_PARAM: u32 = 1024;
    /// A cell of an inlined comprehension.
    pub const COMP_CELL: u32 = 2048;
    pub const BOUND: u32 = LOCAL | PARAM | IMPORT | TYPE_PARAM;
}

/// A name in a scope.
#[derive(Clone, Debug)]
pub struct Symbol {
    pub name: String,
    pub uses: u32,
    pub place: Place,
}

/// One scope.
#[derive(Debug)]
pub struct Scope {
    pub kind: ScopeKind,
    pub parent: Option<ScopeId>,
    pub symbols: Vec<Symbol>,
    index: FxHashMap<String, usize>,
    /// Parameters: positional, keyword-only, `*args`, `**kwargs`.
    pub params: Vec<String>,
    children: Vec<ScopeId>,
    /// Inside a function.
    pub nested: bool,
    pub is_generator: bool,
    /// Has `await`, `async for`, `async with`.
    pub is_coroutine: bool,
    pub comprehension: Comprehension,
    pub has_varargs: bool,
    pub has_varkeywords: bool,
    /// Which of [`CLASS_CELLS`] a class has.
    pub class_cells: Vec<&'static str>,
    /// A comprehension that its parent runs inline (PEP 709).
    pub inlined: bool,
    pub can_see_class: bool,
    /// The `global` and `nonlocal` statements, for errors.
    directives: Vec<(String, TextRange)>,
}

impl Scope {
    /// Functions, lambdas, comprehensions and the scopes of type parameters: their names live in slots.
    pub fn is_function_like(&self) -> bool {
        !matches!(self.kind, ScopeKind::Module | ScopeKind::Class)
    }

    /// The symbol of a (mangled) name.
    pub fn symbol(&self, name: &str) -> Option<&Symbol> {
        self.index.get(name).map(|&i| &self.symbols[i])
    }

    /// How the scope uses the name: bits of [`uses`].
    pub fn uses(&self, name: &str) -> u32 {
        self.symbol(name).map_or(0, |symbol| symbol.uses)
    }

    /// Where the name lives.
    pub fn place(&self, name: &str) -> Place {
        self.symbol(name).map_or(Place::Unknown, |symbol| symbol.place)
    }

    fn symbol_mut(&mut self, name: &str) -> &mut Symbol {
        let next = self.symbols.len();
        let at = match self.index.get(name) {
            Some(&at) => at,
            None => {
                self.index.insert(name.to_owned(), next);
                self.symbols.push(Symbol { name: name.to_owned(), uses: 0, place: Place::Unknown });
                next
            }
        };
        &mut self.symbols[at]
    }
}

/// All scopes of a compilation unit.  The first is the module.
#[derive(Debug)]
pub struct SymbolTable {
    pub scopes: Vec<Scope>,
    by_node: FxHashMap<usize, ScopeId>,
}

impl SymbolTable {
    /// The scope that a syntax node opens.
    pub fn of<T>(&self, node: &T) -> Option<ScopeId> {
        self.by_node.get(&key(node)).copied()
    }

    pub fn get(&self, id: ScopeId) -> &Scope {
        &self.scopes[id.0]
    }
}

/// The identity of a syntax node: its address, which is stable as long as the tree is borrowed.
fn key<T>(node: &T) -> usize {
    std::ptr::from_ref(node).addr()
}

/// An identifier as the program sees it: in NFKC.
pub fn identifier(name: &str) -> String {
    if name.is_ascii() { name.to_owned() } else { name.nfkc().collect() }
}

/// A name inside the class `class`: `__x` becomes `_class__x`.
pub fn mangle(class: Option<&str>, name: &str) -> String {
    let name = identifier(name);
    let Some(class) = class else { return name };
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') {
        return name;
    }
    match class.trim_start_matches('_') {
        "" => name,
        class => format!("_{class}{name}"),
    }
}
