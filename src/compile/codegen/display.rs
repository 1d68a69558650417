//! Tuple, list, set and dict displays, and the unpacking of targets.

use ruff_python_ast::{DictItem, Expr, ExprDict};

use super::*;
use crate::compile::ir::intrinsic1;

/// What a sequence of elements becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    List,
    Set,
    Tuple,
}

impl<'a> Codegen<'a> {
    fn constants(&mut self, exprs: impl Iterator<Item = &'a Expr>) -> Option<Vec<Const>> {
        exprs.map(|expr| self.constant(expr)).collect()
    }

    /// Elements, some starred, on top of `pushed` ones already there.
    pub(super) fn sequence(
        &mut self,
        elts: impl ExactSizeIterator<Item = &'a Expr> + Clone,
        pushed: u32,
        kind: Kind,
        loc: Loc,
    ) -> Done {
        let (build, add, extend) = match kind {
            Kind::Set => (Op::BUILD_SET, Op::SET_ADD, Op::SET_UPDATE),
            Kind::List | Kind::Tuple => (Op::BUILD_LIST, Op::LIST_APPEND, Op::LIST_EXTEND),
        };
        let n = elts.len();
        let to_tuple = |codegen: &mut Self| {
            if kind == Kind::Tuple {
                codegen.emit(Op::CALL_INTRINSIC_1, intrinsic1::LIST_TO_TUPLE, loc);
            }
        };
        if n > 2
            && let Some(values) = self.constants(elts.clone())
        {
            if kind == Kind::Tuple && pushed == 0 {
                self.load_const(Const::Tuple(values.into()), loc);
                return Ok(());
            }
            let folded = if kind == Kind::Set { constant::frozen_set(values) } else { Const::Tuple(values.into()) };
            self.emit(build, pushed, loc);
            self.load_const(folded, loc);
            self.emit(extend, 1, loc);
            to_tuple(self);
            return Ok(());
        }
        let big = n + pushed as usize > STACK_GUIDELINE;
        if !big && !elts.clone().any(Expr::is_starred_expr) {
            self.exprs(elts)?;
            let op = if kind == Kind::Tuple { Op::BUILD_TUPLE } else { build };
            self.emit(op, n as u32 + pushed, loc);
            return Ok(());
        }
        let mut built = big;
        if big {
            self.emit(build, pushed, loc);
        }
        for (elt, i) in elts.zip(0..) {
            if let Expr::Starred(starred) = elt {
                if !built {
                    self.emit(build, i + pushed, loc);
                    built = true;
                }
                self.expr(&starred.value)?;
                self.emit(extend, 1, loc);
            } else {
                self.expr(elt)?;
                if built {
                    self.emit(add, 1, loc);
                }
            }
        }
        to_tuple(self);
        Ok(())
    }

    pub(super) fn list(&mut self, elts: &'a [Expr], access: Access, loc: Loc) -> Done {
        match access {
            Access::Load => self.sequence(elts.iter(), 0, Kind::List, loc),
            Access::Store => self.unpack(elts, loc),
            Access::Delete => self.exprs(elts),
        }
    }

    pub(super) fn tuple(&mut self, elts: &'a [Expr], access: Access, loc: Loc) -> Done {
        match access {
            Access::Load => self.sequence(elts.iter(), 0, Kind::Tuple, loc),
            Access::Store => self.unpack(elts, loc),
            Access::Delete => self.exprs(elts),
        }
    }

    /// An expression that is only iterated over or searched: a list display is as good as a tuple there.
    pub(super) fn iterable(&mut self, expr: &'a Expr) -> Done {
        let loc = self.loc_of(expr);
        match expr {
            Expr::List(list) if !list.elts.iter().any(Expr::is_starred_expr) => {
                if let Some(values) = self.constants(list.elts.iter()) {
                    self.load_const(Const::Tuple(values.into()), loc);
                    return Ok(());
                }
                self.tuple(&list.elts, Access::Load, loc)
            }
            Expr::Set(set) => {
                if let Some(values) = self.constants(set.elts.iter()) {
                    self.load_const(constant::frozen_set(values), loc);
                    return Ok(());
                }
                self.expr(expr)
            }
            _ => self.expr(expr),
        }
    }

    fn unpack(&mut self, elts: &'a [Expr], loc: Loc) -> Done {
        let mut starred = elts.iter().enumerate().filter(|(_, elt)| elt.is_starred_expr());
        match (starred.next(), starred.next()) {
            (None, _) => self.emit(Op::UNPACK_SEQUENCE, elts.len() as u32, loc),
            (Some((at, _)), None) => {
                let after = elts.len() - at - 1;
                if at >= 1 << 8 || after >= 1 << 23 {
                    let range = TextRange::new(elts[0].range().start(), elts[elts.len() - 1].range().end());
                    return self.error(range, "too many expressions in star-unpacking assignment");
                }
                self.emit(Op::UNPACK_EX, at as u32 | (after as u32) << 8, loc);
            }
            (_, Some((_, second))) => {
                return self.error(second.range(), "multiple starred expressions in assignment");
            }
        }
        for elt in elts {
            match elt {
                Expr::Starred(starred) => self.expr(&starred.value)?,
                elt => self.expr(elt)?,
            }
        }
        Ok(())
    }

    pub(super) fn dict(&mut self, dict: &'a ExprDict, loc: Loc) -> Done {
        let items = &dict.items;
        let mut have_dict = false;
        let mut waiting = 0;
        for (i, item) in items.iter().enumerate() {
            let unpacks = item.key.is_none();
            if !unpacks && waiting * 2 <= STACK_GUIDELINE {
                waiting += 1;
                continue;
            }
            let end = if unpacks { i } else { i + 1 };
            if waiting > 0 {
                self.sub_dict(&items[i - waiting..end], loc)?;
                if have_dict {
                    self.emit(Op::DICT_UPDATE, 1, loc);
                }
                have_dict = true;
                waiting = 0;
            }
            if unpacks {
                if !have_dict {
                    self.emit(Op::BUILD_MAP, 0, loc);
                    have_dict = true;
                }
                self.expr(&item.value)?;
                self.emit(Op::DICT_UPDATE, 1, loc);
            }
        }
        if waiting > 0 {
            self.sub_dict(&items[items.len() - waiting..], loc)?;
            if have_dict {
                self.emit(Op::DICT_UPDATE, 1, loc);
            }
            have_dict = true;
        }
        if !have_dict {
            self.emit(Op::BUILD_MAP, 0, loc);
        }
        Ok(())
    }

    fn sub_dict(&mut self, items: &'a [DictItem], loc: Loc) -> Done {
        let n = items.len();
        let big = n * 2 > STACK_GUIDELINE;
        if n > 1
            && !big
            && let Some(keys) = self.constants(items.iter().filter_map(|item| item.key.as_ref()))
        {
            self.exprs(items.iter().map(|item| &item.value))?;
            self.load_const(Const::Tuple(keys.into()), loc);
            self.emit(Op::BUILD_CONST_KEY_MAP, n as u32, loc);
            return Ok(());
        }
        if big {
            self.emit(Op::BUILD_MAP, 0, loc);
        }
        for item in items {
            self.exprs(item.key.as_ref())?;
            self.expr(&item.value)?;
            if big {
                self.emit(Op::MAP_ADD, 1, loc);
            }
        }
        if !big {
            self.emit(Op::BUILD_MAP, n as u32, loc);
        }
        Ok(())
    }
}
