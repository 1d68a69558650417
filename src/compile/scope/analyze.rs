//! Where the names live, once all scopes are known.

use ruff_text_size::TextRange;
use rustc_hash::FxHashSet;

use super::{CLASS_CELLS, Comprehension, Place, ScopeId, ScopeKind, SymbolTable, uses};

type Names = FxHashSet<String>;

/// A message and where it belongs.
pub struct ScopeError {
    pub message: String,
    pub range: TextRange,
}

/// Names that scopes further out bind.
#[derive(Clone, Default)]
struct Outer {
    bound: Option<Names>,
    global: Names,
    type_params: Names,
    /// The class that a scope of type parameters can see.
    class: Option<ScopeId>,
}

/// Resolves every symbol.
pub fn analyze(table: &mut SymbolTable) -> Result<(), ScopeError> {
    let outer = Outer::default();
    analyze_scope(table, ScopeId(0), outer).map(|_| ())
}

/// Returns the names that are free in the scope and its children.
fn analyze_scope(table: &mut SymbolTable, id: ScopeId, mut outer: Outer) -> Result<Names, ScopeError> {
    stacker::maybe_grow(128 * 1024, 1024 * 1024, || analyze_scope_here(table, id, &mut outer))
}

fn analyze_scope_here(table: &mut SymbolTable, id: ScopeId, outer: &mut Outer) -> Result<Names, ScopeError> {
    let kind = table.get(id).kind;
    let is_class = kind == ScopeKind::Class;
    let mut inner = Outer { type_params: outer.type_params.clone(), ..Outer::default() };
    let mut inner_bound = Names::default();
    if is_class {
        inner.global.extend(outer.global.iter().cloned());
        inner_bound.extend(outer.bound.iter().flatten().cloned());
    }
    let mut free = Names::default();
    let mut local = Names::default();
    for i in 0..table.get(id).symbols.len() {
        analyze_name(table, id, i, outer, &mut local, &mut free)?;
    }
    inner.type_params.clone_from(&outer.type_params);
    if is_class {
        inner_bound.extend(CLASS_CELLS.map(str::to_owned));
    } else {
        if table.get(id).is_function_like() {
            inner_bound.extend(local.iter().cloned());
        }
        inner_bound.extend(outer.bound.iter().flatten().cloned());
        inner.global.extend(outer.global.iter().cloned());
    }
    inner.bound = (kind != ScopeKind::Module || !inner_bound.is_empty()).then_some(inner_bound);

    let mut child_free = Names::default();
    let mut inlined_cells = Names::default();
    let children = std::mem::take(&mut table.scopes[id.0].children);
    let mut kept = Vec::new();
    for child in children {
        let scope = table.get(child);
        let mut passed = inner.clone();
        if scope.can_see_class {
            passed.class = if is_class { Some(id) } else { outer.class };
        }
        let inlines = !matches!(scope.comprehension, Comprehension::None | Comprehension::Generator)
            && !table.get(id).can_see_class;
        let mut names = analyze_scope(table, child, passed)?;
        if inlines {
            inline_comprehension(table, id, child, &mut names, &mut inlined_cells);
            table.scopes[child.0].inlined = true;
            kept.append(&mut table.scopes[child.0].children);
        } else {
            kept.push(child);
        }
        child_free.extend(names);
    }
    table.scopes[id.0].children = kept;

    if table.get(id).is_function_like() {
        for symbol in &mut table.scopes[id.0].symbols {
            if symbol.place != Place::Local {
                continue;
            }
            let is_free_below = child_free.remove(&symbol.name);
            if is_free_below || inlined_cells.contains(&symbol.name) {
                symbol.place = Place::Cell;
            }
        }
    } else if is_class {
        let scope = &mut table.scopes[id.0];
        scope.class_cells.extend(CLASS_CELLS.into_iter().filter(|&name| child_free.remove(name)));
    }
    let sees_class = table.get(id).can_see_class;
    let scope = &mut table.scopes[id.0];
    for name in &inlined_cells {
        if let Some(&at) = scope.index.get(name) {
            scope.symbols[at].uses |= uses::COMP_CELL;
        }
    }
    let mut names: Vec<&String> = child_free.iter().collect();
    names.sort_unstable();
    for name in names {
        if scope.symbol(name).is_some() {
            let symbol = scope.symbol_mut(name);
            // What the scope itself finds in a class, those inside it find outside.
            if is_class && symbol.uses & (uses::BOUND | uses::GLOBAL) != 0 || sees_class && symbol.place != Place::Free
            {
                symbol.uses |= uses::FREE_CLASS;
            }
        } else if outer.bound.as_ref().is_some_and(|bound| bound.contains(name)) {
            scope.symbol_mut(name).place = Place::Free;
        }
    }
    free.extend(child_free);
    Ok(free)
}

fn analyze_name(
    table: &mut SymbolTable,
    id: ScopeId,
    at: usize,
    outer: &mut Outer,
    local: &mut Names,
    free: &mut Names,
) -> Result<(), ScopeError> {
    let symbol = &table.get(id).symbols[at];
    let (name, uses) = (symbol.name.clone(), symbol.uses);
    let error = |message: String| {
        let directives = &table.get(id).directives;
        let range = directives.iter().find(|(directive, _)| *directive == name).map(|(_, range)| *range);
        Err(ScopeError { message, range: range.unwrap_or_default() })
    };
    let bound_outside = |name: &str| outer.bound.as_ref().is_some_and(|bound| bound.contains(name));
    let place = if uses & uses::GLOBAL != 0 {
        if uses & uses::NONLOCAL != 0 {
            return error(format!("name '{name}' is nonlocal and global"));
        }
        outer.global.insert(name.clone());
        if let Some(bound) = &mut outer.bound {
            bound.remove(&name);
        }
        Place::GlobalExplicit
    } else if uses & uses::NONLOCAL != 0 {
        if table.get(id).kind == ScopeKind::Module {
            return error("nonlocal declaration not allowed at module level".to_owned());
        }
        if !bound_outside(&name) {
            return error(format!("no binding for nonlocal '{name}' found"));
        }
        if outer.type_params.contains(&name) {
            return error(format!("nonlocal binding not allowed for type parameter '{name}'"));
        }
        free.insert(name.clone());
        Place::Free
    } else if uses & uses::BOUND != 0 {
        local.insert(name.clone());
        outer.global.remove(&name);
        if uses & uses::TYPE_PARAM != 0 {
            outer.type_params.insert(name.clone());
        } else {
            outer.type_params.remove(&name);
        }
        Place::Local
    } else {
        let in_class = outer.class.map_or(0, |class| table.get(class).uses(&name));
        if in_class & uses::GLOBAL != 0 {
            Place::GlobalExplicit
        } else if in_class & uses::BOUND != 0 && in_class & uses::NONLOCAL == 0 {
            Place::GlobalImplicit
        } else if bound_outside(&name) {
            free.insert(name.clone());
            Place::Free
        } else {
            Place::GlobalImplicit
        }
    };
    table.scopes[id.0].symbols[at].place = place;
    Ok(())
}

/// The names of an inlined comprehension become names of the scope around it.
fn inline_comprehension(
    table: &mut SymbolTable,
    id: ScopeId,
    child: ScopeId,
    child_free: &mut Names,
    inlined_cells: &mut Names,
) {
    let is_class = table.get(id).kind == ScopeKind::Class;
    for symbol in table.get(child).symbols.clone() {
        if symbol.uses & uses::PARAM != 0 {
            continue; // the iterator
        }
        if symbol.place == Place::Cell || symbol.uses & uses::COMP_CELL != 0 {
            inlined_cells.insert(symbol.name.clone());
        }
        let outer = table.get(id).symbol(&symbol.name).cloned();
        let free_below =
            table.get(child).children.iter().any(|&below| table.get(below).place(&symbol.name) == Place::Free);
        let mut place = symbol.place;
        if place == Place::Free && is_class && symbol.name == "__class__" {
            // The code of a class does not see the cell of its methods.
            place = Place::GlobalImplicit;
            table.scopes[child.0].symbol_mut("__class__").place = place;
            if !free_below {
                child_free.remove("__class__");
            }
        }
        match outer {
            None => {
                let new = table.scopes[id.0].symbol_mut(&symbol.name);
                new.uses = symbol.uses;
                new.place = place;
            }
            Some(existing) => {
                if existing.uses & uses::BOUND != 0 && !is_class && !free_below {
                    child_free.remove(&symbol.name);
                }
            }
        }
    }
}
