//! Comprehensions: run inline (PEP 709), or as functions of their own.

use rustc_hash::FxHashMap;

use ruff_python_ast::{Comprehension as For, Expr};

use super::*;
use crate::compile::scope::{Comprehension as Kind, uses};

/// A comprehension, whatever its kind.
#[derive(Clone, Copy)]
struct Parts<'a> {
    kind: Kind,
    name: &'static str,
    generators: &'a [For],
    element: &'a Expr,
    /// Of a dict comprehension: the value; `element` is the key.
    value: Option<&'a Expr>,
    scope: Option<ScopeId>,
}

/// What an inlined comprehension has to restore.
struct Inlined {
    places: FxHashMap<String, Place>,
    hidden: Vec<String>,
    pushed: Vec<String>,
    cleanup: BlockId,
    loc: Loc,
}

impl<'a> Codegen<'a> {
    pub(super) fn comprehension(&mut self, expr: &'a Expr, loc: Loc) -> Done {
        let table = self.table;
        let parts = match expr {
            Expr::ListComp(e) => Parts {
                kind: Kind::List,
                name: "<listcomp>",
                generators: &e.generators,
                element: &e.elt,
                value: None,
                scope: table.of(e),
            },
            Expr::SetComp(e) => Parts {
                kind: Kind::Set,
                name: "<setcomp>",
                generators: &e.generators,
                element: &e.elt,
                value: None,
                scope: table.of(e),
            },
            Expr::DictComp(e) => {
                let (element, value) = match &e.key {
                    Some(key) => (&**key, Some(&*e.value)),
                    None => return self.unsupported(e.range, "unpacking in a dict comprehension"),
                };
                Parts {
                    kind: Kind::Dict,
                    name: "<dictcomp>",
                    generators: &e.generators,
                    element,
                    value,
                    scope: table.of(e),
                }
            }
            Expr::Generator(e) => Parts {
                kind: Kind::Generator,
                name: "<genexpr>",
                generators: &e.generators,
                element: &e.elt,
                value: None,
                scope: table.of(e),
            },
            _ => return Ok(()),
        };
        self.comprehension_of(parts, expr.range(), loc)
    }

    fn comprehension_of(&mut self, parts: Parts<'a>, range: TextRange, mut loc: Loc) -> Done {
        let (Some(scope_id), Some(outermost)) = (parts.scope, parts.generators.first()) else {
            return self.error(range, "comprehension without a scope");
        };
        if let Some(&parentheses) = self.argument_ranges.get(&scope_id) {
            loc = self.loc(parentheses);
        }
        let scope = self.table.get(scope_id);
        let is_async = scope.is_coroutine;
        if is_async && parts.kind != Kind::Generator {
            let kind = self.current().kind;
            if !matches!(kind, UnitKind::AsyncFunction | UnitKind::Comprehension) {
                return self.refuse(range, "asynchronous comprehension outside of an asynchronous function");
            }
        }
        if scope.inlined {
            self.outermost_iterable(outermost)?;
            let state = self.begin_inlined(scope_id, loc);
            self.empty_result(parts.kind, loc);
            self.emit(Op::SWAP, 2, loc);
            self.generators(parts, 0, 0, true, loc)?;
            self.end_inlined(state);
            return Ok(());
        }
        self.enter(parts.name, UnitKind::Comprehension, scope_id, loc.line);
        self.unit().unit.arg_count = 1;
        self.empty_result(parts.kind, loc);
        self.generators(parts, 0, 0, false, loc)?;
        if parts.kind == Kind::Generator {
            self.wrap_stop_iteration();
        } else {
            let at = self.loc_of(parts.element);
            self.emit(Op::RETURN_VALUE, 0, at);
        }
        let unit = self.leave(true)?;
        self.make_closure(unit, 0, loc);
        self.outermost_iterable(outermost)?;
        self.emit(Op::CALL, 0, loc);
        if is_async && parts.kind != Kind::Generator {
            self.emit(Op::GET_AWAITABLE, 0, loc);
            self.load_none(loc);
            self.yield_from(loc, true);
        }
        Ok(())
    }

    fn outermost_iterable(&mut self, outermost: &'a For) -> Done {
        self.iterable(&outermost.iter)?;
        let loc = self.loc_of(&outermost.iter);
        let op = if outermost.is_async { Op::GET_AITER } else { Op::GET_ITER };
        self.emit(op, 0, loc);
        Ok(())
    }

    fn empty_result(&mut self, kind: Kind, loc: Loc) {
        match kind {
            Kind::List => self.emit(Op::BUILD_LIST, 0, loc),
            Kind::Set => self.emit(Op::BUILD_SET, 0, loc),
            Kind::Dict => self.emit(Op::BUILD_MAP, 0, loc),
            Kind::Generator | Kind::None => {}
        }
    }

    /// Makes the names that the comprehension binds its own for now; what they were is kept on the stack.
    fn begin_inlined(&mut self, id: ScopeId, loc: Loc) -> Inlined {
        let scope = self.table.get(id);
        let function_like = self.scope().is_function_like();
        let in_class = self.scope().kind == ScopeKind::Class && self.current().inlined == 0;
        self.unit().inlined += 1;
        let mut state = Inlined {
            places: self.current().places.clone(),
            hidden: Vec::new(),
            pushed: Vec::new(),
            cleanup: BlockId(0),
            loc,
        };
        for symbol in &scope.symbols {
            let bound = symbol.uses & uses::LOCAL != 0 && symbol.uses & uses::NONLOCAL == 0;
            if symbol.uses & uses::PARAM != 0 {
                continue;
            }
            let outer = self.place_of(&symbol.name);
            let inner = symbol.place;
            let differs = inner != outer && inner != Place::Free && !(inner == Place::Cell && outer == Place::Free);
            if differs || in_class {
                self.unit().places.insert(symbol.name.clone(), inner);
            }
            if !bound {
                continue;
            }
            if !function_like && self.current().hidden.get(&symbol.name) != Some(&true) {
                self.unit().hidden.insert(symbol.name.clone(), true);
                state.hidden.push(symbol.name.clone());
            }
            let var = self.var_index(&symbol.name);
            self.emit(Op::LOAD_FAST_AND_CLEAR, var, loc);
            if inner == Place::Cell {
                let cell = self.deref_index(&symbol.name, outer == Place::Free);
                self.emit(Op::MAKE_CELL, cell, loc);
            }
            state.pushed.push(symbol.name.clone());
        }
        if !state.pushed.is_empty() {
            state.cleanup = self.label();
            self.emit(Op::SWAP, state.pushed.len() as u32 + 1, loc);
            self.emit_to(Op::SETUP_FINALLY, state.cleanup, loc);
        }
        state
    }

    fn end_inlined(&mut self, state: Inlined) {
        self.unit().inlined -= 1;
        if !state.pushed.is_empty() {
            let end = self.label();
            self.emit(Op::POP_BLOCK, 0, Loc::NONE);
            self.emit_to(Op::JUMP_NO_INTERRUPT, end, Loc::NONE);
            self.place(state.cleanup);
            self.emit(Op::SWAP, 2, Loc::NONE);
            self.emit(Op::POP_TOP, 0, Loc::NONE);
            self.restore_pushed(&state);
            self.emit(Op::RERAISE, 0, Loc::NONE);
            self.place(end);
            self.restore_pushed(&state);
        }
        let unit = self.unit();
        unit.places = state.places;
        for name in state.hidden {
            unit.hidden.insert(name, false);
        }
    }

    fn restore_pushed(&mut self, state: &Inlined) {
        self.emit(Op::SWAP, state.pushed.len() as u32 + 1, state.loc);
        for name in state.pushed.iter().rev() {
            let var = self.var_index(name);
            self.emit(Op::STORE_FAST_MAYBE_NULL, var, state.loc);
        }
    }

    fn generators(&mut self, parts: Parts<'a>, at: usize, depth: u32, on_stack: bool, loc: Loc) -> Done {
        self.nest(|codegen| {
            if parts.generators[at].is_async {
                codegen.async_generator(parts, at, depth, on_stack, loc)
            } else {
                codegen.sync_generator(parts, at, depth, on_stack, loc)
            }
        })
    }

    fn sync_generator(&mut self, parts: Parts<'a>, at: usize, mut depth: u32, on_stack: bool, loc: Loc) -> Done {
        let generator = &parts.generators[at];
        let (start, skip, anchor) = (self.label(), self.label(), self.label());
        // `for y in [f(x)]` binds y without a loop
        let single = match &generator.iter {
            _ if on_stack || at == 0 => None,
            Expr::List(list) if list.elts.len() == 1 => list.elts.first(),
            Expr::Tuple(tuple) if tuple.elts.len() == 1 => tuple.elts.first(),
            _ => None,
        };
        let single = single.filter(|elt| !elt.is_starred_expr());
        if let Some(elt) = single {
            self.expr(elt)?;
        } else {
            if !on_stack && at == 0 {
                self.emit(Op::LOAD_FAST, 0, loc);
            } else if !on_stack {
                self.iterable(&generator.iter)?;
                let iter = self.loc_of(&generator.iter);
                self.emit(Op::GET_ITER, 0, iter);
            }
            depth += 1;
            self.place(start);
            let iter = self.loc_of(&generator.iter);
            self.emit_to(Op::FOR_ITER, anchor, iter);
        }
        self.expr(&generator.target)?;
        for condition in &generator.ifs {
            self.jump_if(condition, skip, false)?;
        }
        let end = self.inner_or_element(parts, at, depth, loc)?;
        self.place(skip);
        if single.is_none() {
            self.emit_to(Op::JUMP, start, end);
            self.place(anchor);
            self.emit(Op::END_FOR, 0, Loc::NONE);
            self.emit(Op::POP_TOP, 0, Loc::NONE);
        }
        Ok(())
    }

    fn async_generator(&mut self, parts: Parts<'a>, at: usize, depth: u32, on_stack: bool, loc: Loc) -> Done {
        let generator = &parts.generators[at];
        let (start, except, skip) = (self.label(), self.label(), self.label());
        if !on_stack && at == 0 {
            self.emit(Op::LOAD_FAST, 0, loc);
        } else if !on_stack {
            self.iterable(&generator.iter)?;
            let iter = self.loc_of(&generator.iter);
            self.emit(Op::GET_AITER, 0, iter);
        }
        self.place(start);
        self.push_frame(Frame::AsyncComprehension, generator.range)?;
        self.emit_to(Op::SETUP_FINALLY, except, loc);
        self.emit(Op::GET_ANEXT, 0, loc);
        self.load_none(loc);
        self.yield_from(loc, true);
        self.emit(Op::POP_BLOCK, 0, loc);
        self.expr(&generator.target)?;
        for condition in &generator.ifs {
            self.jump_if(condition, skip, false)?;
        }
        let end = self.inner_or_element(parts, at, depth + 1, loc)?;
        self.place(skip);
        self.emit_to(Op::JUMP, start, end);
        self.pop_frame();
        self.place(except);
        self.emit(Op::END_ASYNC_FOR, 0, loc);
        Ok(())
    }

    /// The next `for`, or the element; returns the element's location.
    fn inner_or_element(&mut self, parts: Parts<'a>, at: usize, depth: u32, loc: Loc) -> Result<Loc, SyntaxError> {
        let mut element = self.loc_of(parts.element);
        if at + 1 < parts.generators.len() {
            self.generators(parts, at + 1, depth, false, loc)?;
            return Ok(element);
        }
        self.expr(parts.element)?;
        match parts.kind {
            Kind::Generator | Kind::None => {
                self.yield_value(element);
                self.emit(Op::POP_TOP, 0, element);
            }
            Kind::List => self.emit(Op::LIST_APPEND, depth + 1, element),
            Kind::Set => self.emit(Op::SET_ADD, depth + 1, element),
            Kind::Dict => {
                if let Some(value) = parts.value {
                    self.expr(value)?;
                    let end = self.loc_of(value);
                    element = Loc { end_line: end.end_line, end_col: end.end_col, ..element };
                }
                self.emit(Op::MAP_ADD, depth + 1, element);
            }
        }
        Ok(element)
    }
}
