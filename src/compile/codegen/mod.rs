//! The walk over the tree that emits instructions, scope by scope.
//!
//! What is emitted, in which order and with which location follows CPython 3.13's compiler: the flow graph passes decide
//! on jumps and locations, so an instruction that looks superfluous here (a NOP, a copied `finally` body) has its use.

mod annotate;
mod assign;
mod call;
mod class;
mod comprehension;
mod constant;
mod control;
mod display;
mod doc;
mod expr;
mod format;
mod fstring;
mod function;
mod import;
mod name;
mod pattern;
mod stmt;
mod try_stmt;
mod type_params;
mod with_stmt;

use std::cell::Cell;
use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::flow::{self, Sequence};
use super::ir::{BlockId, Instr, Loc, Op, Unit, flags};
use super::scope::{Place, Scope, ScopeId, ScopeKind, SymbolTable, mangle};
use super::source::Source;
use super::syntax_error::SyntaxError;
use crate::code::CompareOp;
use crate::code::constant::Const;
use control::Frame;

pub(super) type Done = Result<(), SyntaxError>;

/// Up to so many operands a display or call is built on the stack; beyond it piece by piece.
const STACK_GUIDELINE: usize = 30;

/// What a unit is the code of, as far as statements and expressions ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum UnitKind {
    Module,
    Class,
    Function,
    AsyncFunction,
    Lambda,
    Comprehension,
    TypeParams,
}

/// The unit being generated.
struct Building<'a> {
    unit: Unit,
    kind: UnitKind,
    scope: ScopeId,
    /// The class whose private names are mangled.
    class: Option<String>,
    sequence: Sequence,
    frames: Vec<Frame<'a>>,
    /// The constants of each hash.
    const_index: FxHashMap<u64, Vec<u32>>,
    /// The nested units of each place.
    nested_index: FxHashMap<(i32, Loc), Vec<u32>>,
    names: FxHashMap<String, u32>,
    varnames: FxHashMap<String, u32>,
    /// How many inlined comprehensions we are in.
    inlined: u32,
    /// Places of names that differ in the inlined comprehension we are in.
    places: FxHashMap<String, Place>,
    /// Names of inlined comprehensions of a class or module that live in slots for now.
    hidden: FxHashMap<String, bool>,
    /// Attributes of `self` that methods of this class set.
    static_attributes: BTreeSet<String>,
}

/// Generates code for one source.
pub(super) struct Codegen<'a> {
    source: &'a Source,
    table: &'a SymbolTable,
    /// The units around the current one, outermost first, and the current one.
    units: Vec<Building<'a>>,
    folded: FxHashMap<usize, Option<Const>>,
    /// The call parentheses of generator expressions that are the only argument: they count as their own.
    argument_ranges: FxHashMap<ScopeId, TextRange>,
    depth: u32,
    /// A statement of an interactive session prints its value.
    interactive: bool,
    /// Annotations have functions that compute them.
    annotated: bool,
    /// Annotations are their text (`from __future__ import annotations`).
    text_annotations: bool,
    /// The index of each conditional annotation, by the address of its statement.
    conditional_annotations: FxHashMap<usize, u32>,
    /// A name was to be found in a cell that the code does not have: the code must not run.
    lost: Cell<bool>,
}

/// How a name or target is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Load,
    Store,
    Delete,
}

/// Generates a module (`exec`, or `single` when `interactive`).
pub(super) fn module<'a>(
    source: &'a Source,
    table: &'a SymbolTable,
    body: &'a [Stmt],
    interactive: bool,
    annotated: bool,
) -> Result<Unit, SyntaxError> {
    let mut codegen = Codegen::new(source, table, interactive);
    codegen.annotated = annotated;
    codegen.text_annotations = super::annotations::are_text(body);
    codegen.enter_module();
    codegen.module_body(body)?;
    codegen.leave(true)
}

/// Generates the code of an expression (`eval`).
pub(super) fn expression<'a>(source: &'a Source, table: &'a SymbolTable, value: &'a Expr) -> Result<Unit, SyntaxError> {
    let mut codegen = Codegen::new(source, table, false);
    codegen.enter_module();
    codegen.expr(value)?;
    codegen.leave(false)
}

impl<'a> Codegen<'a> {
    fn new(source: &'a Source, table: &'a SymbolTable, interactive: bool) -> Codegen<'a> {
        Codegen {
            source,
            table,
            units: Vec::new(),
            folded: FxHashMap::default(),
            argument_ranges: FxHashMap::default(),
            depth: 0,
            interactive,
            annotated: true,
            text_annotations: false,
            conditional_annotations: FxHashMap::default(),
            lost: Cell::new(false),
        }
    }

    fn unsupported(&self, range: TextRange, construct: &str) -> Done {
        Err(SyntaxError::unsupported(self.source, range, construct))
    }

    fn error<T>(&self, range: TextRange, message: impl Into<String>) -> Result<T, SyntaxError> {
        Err(SyntaxError::new(self.source, range, message))
    }

    /// The same for what CPython's symbol table refuses.
    fn refuse<T>(&self, range: TextRange, message: impl Into<String>) -> Result<T, SyntaxError> {
        Err(SyntaxError::new(self.source, range, message).of_symbols())
    }

    /// Runs a visitor one level deeper, on more stack when it gets short.
    fn nest<T>(&mut self, visit: impl FnOnce(&mut Self) -> Result<T, SyntaxError>) -> Result<T, SyntaxError> {
        if self.depth >= super::scope::MAX_DEPTH {
            return Err(SyntaxError::too_deep(self.source.file()));
        }
        self.depth += 1;
        let done = stacker::maybe_grow(128 * 1024, 2 * 1024 * 1024, || visit(self));
        self.depth -= 1;
        done
    }

    // Locations.

    fn line_and_column(&self, offset: TextSize) -> (i32, i32) {
        let (line, column) = self.source.line_and_column(offset);
        (line as i32, column as i32)
    }

    fn loc(&self, range: TextRange) -> Loc {
        let (line, col) = self.line_and_column(range.start());
        let (end_line, end_col) = self.source.end_line_and_column(range.end());
        Loc { line, end_line: end_line as i32, col, end_col: end_col as i32 }
    }

    fn loc_of(&self, node: &impl Ranged) -> Loc {
        self.loc(node.range())
    }

    /// The location of a definition without its decorators: from `def`, `class` or `async`.
    fn definition_loc(&self, range: TextRange, last_decorator: Option<TextRange>) -> Loc {
        let Some(decorator) = last_decorator else { return self.loc(range) };
        let text = self.source.text();
        let mut at = decorator.end().to_usize();
        while let Some(rest) = text.get(at..) {
            match rest.as_bytes().first() {
                Some(b'#') => at += rest.find('\n').unwrap_or(rest.len()),
                Some(b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b'\\') => at += 1,
                _ => break,
            }
        }
        self.loc(TextRange::new(TextSize::new(at as u32).min(range.end()), range.end()))
    }

    // Units.

    fn unit(&mut self) -> &mut Building<'a> {
        let last = self.units.len() - 1;
        &mut self.units[last]
    }

    fn current(&self) -> &Building<'a> {
        &self.units[self.units.len() - 1]
    }

    fn scope(&self) -> &'a Scope {
        self.table.get(self.current().scope)
    }

    fn enter_module(&mut self) {
        self.enter("<module>", UnitKind::Module, ScopeId(0), 1);
    }

    /// Begins a unit.
    fn enter(&mut self, name: &str, kind: UnitKind, scope: ScopeId, first_line: i32) {
        let scope_data = self.table.get(scope);
        let mut unit = Unit {
            name: name.to_owned(),
            qualname: name.to_owned(),
            file: self.source.file().to_string(),
            first_line,
            ..Unit::default()
        };
        unit.varnames.clone_from(&scope_data.params);
        let mut cells: Vec<&str> = Vec::new();
        let mut frees: Vec<&str> = Vec::new();
        for symbol in &scope_data.symbols {
            if symbol.place == Place::Cell {
                cells.push(&symbol.name);
            }
            if symbol.place == Place::Free || symbol.uses & super::scope::uses::FREE_CLASS != 0 {
                frees.push(&symbol.name);
            } else if symbol.place != Place::Cell && symbol.uses & super::scope::uses::COMP_CELL != 0 {
                cells.push(&symbol.name);
            }
        }
        cells.extend(&scope_data.class_cells);
        for names in [&mut cells, &mut frees] {
            names.sort_unstable();
            names.dedup();
        }
        unit.cellvars = cells.into_iter().map(str::to_owned).collect();
        unit.freevars = frees.into_iter().map(str::to_owned).collect();
        unit.flags = self.flags(scope_data);
        let class = self.units.last().and_then(|outer| outer.class.clone());
        let varnames = unit.varnames.iter().cloned().zip(0..).collect();
        if kind != UnitKind::Module {
            unit.qualname = self.qualified_name(name);
        }
        self.units.push(Building {
            unit,
            kind,
            scope,
            class,
            sequence: Sequence { instrs: Vec::new(), labels: Vec::new() },
            frames: Vec::new(),
            const_index: FxHashMap::default(),
            nested_index: FxHashMap::default(),
            names: FxHashMap::default(),
            varnames,
            inlined: 0,
            places: FxHashMap::default(),
            hidden: FxHashMap::default(),
            static_attributes: BTreeSet::new(),
        });
        let mut loc = Loc::start_of_line(first_line);
        if kind == UnitKind::Module {
            loc.line = 0;
        }
        self.emit(Op::RESUME, 0, loc);
    }

    fn flags(&self, scope: &Scope) -> u32 {
        let mut bits = 0;
        if scope.is_function_like() {
            bits |= flags::NEWLOCALS | flags::OPTIMIZED;
            let nested = if scope.nested { flags::NESTED } else { 0 };
            bits |= nested;
            bits |= match (scope.is_generator, scope.is_coroutine) {
                (true, true) => flags::ASYNC_GENERATOR,
                (true, false) => flags::GENERATOR,
                (false, true) => flags::COROUTINE,
                (false, false) => 0,
            };
            if scope.has_varargs {
                bits |= flags::VARARGS;
            }
            if scope.has_varkeywords {
                bits |= flags::VARKEYWORDS;
            }
        }
        if scope.kind == ScopeKind::Function && scope.parent.is_some_and(|p| self.table.get(p).kind == ScopeKind::Class)
        {
            bits |= flags::METHOD;
        }
        bits
    }

    fn qualified_name(&self, name: &str) -> String {
        let mut outer = self.units.len() - 1;
        if self.units[outer].kind == UnitKind::TypeParams && outer > 0 {
            outer -= 1;
        }
        let parent = &self.units[outer];
        let is_definition = matches!(parent.kind, UnitKind::Module);
        if is_definition {
            return name.to_owned();
        }
        let mangled = mangle(parent.class.as_deref(), name);
        if self.table.get(parent.scope).place(&mangled) == Place::GlobalExplicit {
            return name.to_owned();
        }
        let locals = match parent.kind {
            UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Lambda => ".<locals>",
            _ => "",
        };
        format!("{}{locals}.{name}", parent.unit.qualname)
    }

    /// Ends the unit: `return None` (or the operand on the stack) at its end, then the flow graph.
    fn leave(&mut self, return_none: bool) -> Result<Unit, SyntaxError> {
        if return_none {
            self.load_const(Const::None, Loc::NONE);
        }
        self.emit(Op::RETURN_VALUE, 0, Loc::NONE);
        let Some(building) = self.units.pop() else {
            return self.error(TextRange::default(), "unit without a beginning");
        };
        let mut unit = building.unit;
        unit.hidden = building.hidden.into_keys().collect();
        unit.hidden.sort_unstable();
        let assembled = flow::assemble(&mut unit, building.sequence).map_err(|error| error.0.to_owned());
        let lost = self.lost.take().then(|| "a name has no cell".to_owned());
        match lost.map_or(assembled, Err) {
            Ok(()) => Ok(unit),
            Err(error) => {
                let message = format!("internal error of the compiler in {}: {error}", unit.qualname);
                let at = self.source.line_start(unit.first_line.max(1) as u32);
                Err(SyntaxError::new(self.source, TextRange::empty(at), message))
            }
        }
    }

    // Instructions.

    fn emit(&mut self, op: Op, arg: u32, loc: Loc) {
        let instr = Instr { op, arg, target: None, loc, except: None };
        self.unit().sequence.instrs.push(instr);
    }

    /// A jump or block setup.
    fn emit_to(&mut self, op: Op, target: BlockId, loc: Loc) {
        let instr = Instr { op, arg: 0, target: Some(target), loc, except: None };
        self.unit().sequence.instrs.push(instr);
    }

    fn label(&mut self) -> BlockId {
        let labels = &mut self.unit().sequence.labels;
        labels.push(u32::MAX);
        BlockId(labels.len() as u32 - 1)
    }

    /// The label stands before the next instruction.
    fn place(&mut self, label: BlockId) {
        let sequence = &mut self.unit().sequence;
        sequence.labels[label.0 as usize] = sequence.instrs.len() as u32;
    }

    fn add_const(&mut self, value: Const) -> u32 {
        let unit = self.unit();
        let same = unit.const_index.entry(value.same_hash()).or_default();
        let consts = &mut unit.unit.consts;
        if let Some(&index) = same.iter().find(|&&index| consts[index as usize].same(&value)) {
            return index;
        }
        let index = consts.len() as u32;
        consts.push(value);
        same.push(index);
        index
    }

    fn load_const(&mut self, value: Const, loc: Loc) {
        let index = self.add_const(value);
        self.emit(Op::LOAD_CONST, index, loc);
    }

    fn load_none(&mut self, loc: Loc) {
        self.load_const(Const::None, loc);
    }

    /// The index of a (mangled) name in `names`.
    fn name_index(&mut self, name: &str) -> u32 {
        let unit = self.unit();
        let name = mangle(unit.class.as_deref(), name);
        if let Some(&index) = unit.names.get(&name) {
            return index;
        }
        let index = unit.unit.names.len() as u32;
        unit.unit.names.push(name.clone());
        unit.names.insert(name, index);
        index
    }

    /// The index of a mangled name in `varnames`.
    fn var_index(&mut self, name: &str) -> u32 {
        let unit = self.unit();
        if let Some(&index) = unit.varnames.get(name) {
            return index;
        }
        let index = unit.unit.varnames.len() as u32;
        unit.unit.varnames.push(name.to_owned());
        unit.varnames.insert(name.to_owned(), index);
        index
    }

    /// The number of a cell or free variable; a cell goes first when both have the name.
    fn deref_index(&self, name: &str, free: bool) -> u32 {
        let unit = &self.current().unit;
        let cells = unit.cellvars.len() as u32;
        // both are sorted
        let find = |names: &[String]| names.binary_search_by(|other| other.as_str().cmp(name)).ok().map(|i| i as u32);
        let cell = find(&unit.cellvars);
        let free_at = find(&unit.freevars).map(|i| cells + i);
        let found = if free { free_at.or(cell) } else { cell.or(free_at) };
        found.unwrap_or_else(|| {
            self.lost.set(true);
            0
        })
    }

    /// The end of a handler: the exception goes on.
    fn pop_except_and_reraise(&mut self, loc: Loc) {
        self.emit(Op::COPY, 3, loc);
        self.emit(Op::POP_EXCEPT, 0, loc);
        self.emit(Op::RERAISE, 1, loc);
    }
}
