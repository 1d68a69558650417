//! Syntax trees as program text: how a tree that a program has made gets to the compiler, which reads what the parser made
//! of a source.
//!
//! The text is such that the parser makes that very tree of it, and every node begins and ends at an offset of its own or
//! shares one with a node of the same place; so a table of offsets ([`Mark`]) has the place of each node, which stands in
//! the tree and may be any.  Brackets are written where the grammar wants them, and where two nodes would share an offset
//! without sharing the place, as with brackets in the source that the tree was made from.

mod check;
mod expression;
mod literal;
mod pattern;
mod statement;

use super::syntax::matcher::KEYWORDS;
use super::tree::{Field, Node};
use crate::code::constant::Const;

/// A tree as text.
pub struct Written {
    pub text: String,
    /// Where nodes begin and end, by offset.
    pub marks: Vec<Mark>,
    /// What a template string says of the expression at an offset, in place of the text.
    pub said: Vec<(u32, String)>,
}

/// An offset at which a node begins or ends, and the place that its tree gives for that.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    pub at: u32,
    pub is_end: bool,
    /// Line from 1 and column in bytes.
    pub place: (u32, u32),
}

/// Why a tree cannot be compiled.
#[derive(Debug)]
pub enum Unwritable {
    /// No tree of a program is so; the message of CPython's ValueError.
    Invalid(String),
    /// The same of a TypeError.
    Type(String),
    /// What has no text.
    Unsupported(String),
}

pub(super) type Done = Result<(), Unwritable>;

/// Writes a tree of the kind `Module`, `Expression` or `Interactive`.
///
/// # Errors
/// For trees that are none of a program, where that is seen here; the parser finds the rest.
pub fn write(tree: &Node) -> Result<Written, Unwritable> {
    check::check(tree, "Load")?;
    let mut w = Writer { text: String::new(), marks: Vec::new(), said: Vec::new(), indent: 0 };
    match tree.field("body") {
        Field::Node(body) => w.expr(body, expression::TEST, None)?,
        body => body.items().iter().filter_map(Field::node).try_for_each(|s| w.statement(s))?,
    }
    let Writer { text, marks, said, .. } = w;
    Ok(Written { text, marks, said })
}

struct Writer {
    text: String,
    /// In the order of the text, and of nodes that end together the outer one last.
    marks: Vec<Mark>,
    said: Vec<(u32, String)>,
    indent: usize,
}

impl Node {
    /// A field; none where the node has none of that name.
    pub fn field(&self, name: &str) -> &Field {
        self.fields.iter().find(|(n, _)| *n == name).map_or(&Field::None, |(_, f)| f)
    }

    fn start(&self) -> Option<(u32, u32)> {
        self.place.map(|p| (p[0], p[1]))
    }

    fn end(&self) -> Option<(u32, u32)> {
        self.place.map(|p| (p[2], p[3]))
    }
}

impl Field {
    fn node(&self) -> Option<&Node> {
        match self {
            Field::Node(node) => Some(node),
            _ => None,
        }
    }

    fn items(&self) -> &[Field] {
        match self {
            Field::List(items) => items,
            _ => &[],
        }
    }

    fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.items().iter().filter_map(Field::node)
    }

    fn text(&self) -> Option<&str> {
        match self {
            Field::Text(text) => Some(text),
            _ => None,
        }
    }

    fn int(&self) -> i64 {
        match self {
            Field::Int(n) => *n,
            _ => 0,
        }
    }

    fn constant(&self) -> Option<&Const> {
        match self {
            Field::Constant(c) => Some(c),
            _ => None,
        }
    }
}

fn missing(field: &str, node: &Node) -> Unwritable {
    Unwritable::Invalid(format!("field '{field}' is required for {}", node.kind))
}

fn child<'a>(node: &'a Node, field: &str) -> Result<&'a Node, Unwritable> {
    node.field(field).node().ok_or_else(|| missing(field, node))
}

impl Writer {
    fn put(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn begin(&mut self, place: Option<(u32, u32)>) {
        self.mark(place, false);
    }

    fn end(&mut self, place: Option<(u32, u32)>) {
        self.mark(place, true);
    }

    fn mark(&mut self, place: Option<(u32, u32)>, is_end: bool) {
        if let Some(place) = place {
            self.marks.push(Mark { at: self.text.len() as u32, is_end, place });
        }
    }

    /// Writes a node between the marks of its place.
    fn within(&mut self, node: &Node, write: impl FnOnce(&mut Writer) -> Done) -> Done {
        self.begin(node.start());
        write(self)?;
        self.end(node.end());
        Ok(())
    }

    /// Writes items with commas between them.
    fn commas<T>(&mut self, items: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Writer, T) -> Done) -> Done {
        for (i, item) in items.into_iter().enumerate() {
            if i > 0 {
                self.put(", ");
            }
            write(self, item)?;
        }
        Ok(())
    }

    fn name(&mut self, node: &Node, field: &str) -> Done {
        let name = node.field(field).text().ok_or_else(|| missing(field, node))?;
        self.identifier(name)
    }

    fn identifier(&mut self, name: &str) -> Done {
        if matches!(name, "None" | "True" | "False") {
            return Err(Unwritable::Invalid(format!("identifier field can't represent '{name}' constant")));
        }
        if !is_identifier(name) {
            return Err(Unwritable::Unsupported(format!("compile() of the name {name:?} in a syntax tree")));
        }
        self.put(name);
        Ok(())
    }

    /// Names with points between them.
    fn dotted(&mut self, name: &str) -> Done {
        for (i, part) in name.split('.').enumerate() {
            if i > 0 {
                self.put(".");
            }
            self.identifier(part)?;
        }
        Ok(())
    }
}

fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c == '_' || c.is_alphabetic())
        && chars.all(|c| c == '_' || c.is_alphanumeric())
        && !KEYWORDS.contains(&name)
}
