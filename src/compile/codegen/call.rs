//! Calls and attributes.

use ruff_python_ast::{Arguments, Expr, ExprAttribute, ExprCall, ExprContext, Keyword};

use super::expr::access;
use super::*;
use crate::compile::scope::uses;

impl<'a> Codegen<'a> {
    /// The location of an operation on an attribute: it starts on the attribute's line.
    pub(super) fn attribute_loc(&self, loc: Loc, attribute: &ExprAttribute) -> Loc {
        let at = self.loc(attribute.range);
        if loc.line == at.end_line {
            return loc;
        }
        let length = attribute.attr.id.chars().count() as i32;
        if length <= at.end_col {
            Loc { line: at.end_line, col: at.end_col - length, end_line: loc.end_line.max(at.end_line), ..loc }
        } else {
            Loc { line: at.end_line, end_line: at.end_line, col: -1, end_col: -1 }
        }
    }

    /// The call in `super().x` or `super(C, self).x`, where that can be done without making the proxy.
    fn super_call(&self, attribute: &'a ExprAttribute) -> Option<&'a ExprCall> {
        let Expr::Call(call) = &*attribute.value else { return None };
        let Expr::Name(name) = &*call.func else { return None };
        let scope = self.scope();
        let args = &call.arguments;
        let plain = name.id.as_str() == "super"
            && attribute.attr.id.as_str() != "__class__"
            && self.place_of("super") == Place::GlobalImplicit
            && self.table.scopes[0].place("super") == Place::Unknown
            && scope.is_function_like()
            && args.keywords.is_empty();
        if !plain {
            return None;
        }
        let works = match &*args.args {
            [] => self.current().unit.arg_count > 0 && self.place_of("__class__") == Place::Free,
            [class, instance] => !class.is_starred_expr() && !instance.is_starred_expr(),
            _ => false,
        };
        works.then_some(call)
    }

    fn super_arguments(&mut self, call: &'a ExprCall) -> Done {
        let loc = self.loc_of(call);
        self.expr(&call.func)?;
        if !call.arguments.args.is_empty() {
            return self.exprs(&call.arguments.args);
        }
        self.name("__class__", Access::Load, loc);
        let first = self.current().unit.varnames.first().cloned().unwrap_or_default();
        self.name(&first, Access::Load, loc);
        Ok(())
    }

    fn load_super(&mut self, call: &'a ExprCall, attribute: &'a ExprAttribute, method: bool, loc: Loc) -> Done {
        self.super_arguments(call)?;
        let two = u32::from(!call.arguments.args.is_empty()) << 1;
        let name = self.name_index(&attribute.attr.id);
        self.emit(Op::LOAD_SUPER_ATTR, name << 2 | two | u32::from(method), loc);
        let after = self.attribute_loc(loc, attribute);
        self.emit(Op::NOP, 0, after);
        Ok(())
    }

    pub(super) fn attribute(&mut self, e: &'a ExprAttribute, loc: Loc) -> Done {
        if e.ctx == ExprContext::Load
            && let Some(call) = self.super_call(e)
        {
            return self.load_super(call, e, false, loc);
        }
        self.check_name(&e.attr, access(e.ctx), e.range)?;
        if e.ctx == ExprContext::Store {
            self.note_static_attribute(e);
        }
        self.expr(&e.value)?;
        let loc = self.attribute_loc(loc, e);
        let name = self.name_index(&e.attr.id);
        match access(e.ctx) {
            Access::Load => self.emit(Op::LOAD_ATTR, name << 1, loc),
            Access::Store => self.emit(Op::STORE_ATTR, name, loc),
            Access::Delete => self.emit(Op::DELETE_ATTR, name, loc),
        }
        Ok(())
    }

    fn note_static_attribute(&mut self, e: &ExprAttribute) {
        if !matches!(&*e.value, Expr::Name(name) if name.id.as_str() == "self") {
            return;
        }
        let class = self.units.iter_mut().rev().skip(1).find(|unit| unit.kind == UnitKind::Class);
        if let Some(class) = class {
            class.static_attributes.insert(e.attr.id.to_string());
        }
    }

    pub(super) fn call(&mut self, e: &'a ExprCall, loc: Loc) -> Done {
        let args = &e.arguments;
        if let [Expr::Generator(generator)] = &*args.args
            && !generator.parenthesized
            && let Some(scope) = self.table.of(generator)
        {
            self.argument_ranges.insert(scope, args.range);
        }
        if let Expr::Attribute(method) = &*e.func
            && self.is_method_call(method, args)
        {
            return self.method_call(method, args, loc);
        }
        self.expr(&e.func)?;
        let func = self.loc_of(&*e.func);
        self.emit(Op::PUSH_NULL, 0, func);
        self.call_arguments(0, args, None, loc)
    }

    fn is_method_call(&self, method: &ExprAttribute, args: &Arguments) -> bool {
        let module_comprehension = self.units.len() == 1 && self.current().inlined > 0;
        let imported = matches!(&*method.value, Expr::Name(name)
            if !module_comprehension && self.table.scopes[0].uses(&super::super::scope::identifier(&name.id)) & uses::IMPORT != 0);
        let keywords = args.keywords.len();
        let small = args.args.len() + keywords + usize::from(keywords > 0) < STACK_GUIDELINE;
        !imported
            && small
            && !args.args.iter().any(Expr::is_starred_expr)
            && args.keywords.iter().all(|keyword| keyword.arg.is_some())
    }

    fn method_call(&mut self, method: &'a ExprAttribute, args: &'a Arguments, loc: Loc) -> Done {
        let at = self.loc(method.range);
        let here = self.attribute_loc(at, method);
        if let Some(call) = self.super_call(method) {
            self.load_super(call, method, true, at)?;
        } else {
            self.expr(&method.value)?;
            let name = self.name_index(&method.attr.id);
            self.emit(Op::LOAD_ATTR, name << 1 | 1, here);
        }
        self.exprs(&args.args)?;
        let n = args.args.len() as u32;
        let loc = self.attribute_loc(loc, method);
        if args.keywords.is_empty() {
            self.emit(Op::CALL, n, loc);
        } else {
            self.check_keywords(&args.keywords)?;
            self.exprs(args.keywords.iter().map(|keyword| &keyword.value))?;
            self.keyword_names(&args.keywords, here);
            self.emit(Op::CALL_KW, n + args.keywords.len() as u32, loc);
        }
        Ok(())
    }

    fn keyword_names(&mut self, keywords: &'a [Keyword], loc: Loc) {
        let names = keywords.iter().filter_map(|keyword| keyword.arg.as_ref());
        let names: Vec<Const> = names.map(|name| Const::from(&*super::super::scope::identifier(&name.id))).collect();
        self.load_const(Const::Tuple(names.into()), loc);
    }

    fn check_keywords(&self, keywords: &[Keyword]) -> Done {
        // by the first keyword of a name: the next of it
        let mut first: FxHashMap<&str, usize> = FxHashMap::default();
        let mut again: FxHashMap<usize, &Keyword> = FxHashMap::default();
        for (i, keyword) in keywords.iter().enumerate() {
            if let Some(name) = &keyword.arg {
                let first = *first.entry(name).or_insert(i);
                if first != i {
                    again.entry(first).or_insert(keyword);
                }
            }
        }
        for (i, keyword) in keywords.iter().enumerate() {
            let Some(name) = &keyword.arg else { continue };
            self.check_name(name, Access::Store, keyword.range)?;
            if let Some(again) = again.get(&i) {
                return self.error(again.range, format!("keyword argument repeated: {name}"));
            }
        }
        Ok(())
    }

    /// The arguments and the call itself, with `pushed` positional arguments already there.  `extra` is a name loaded
    /// as last positional argument (the `Generic` base of a generic class).
    pub(super) fn call_arguments(&mut self, pushed: u32, args: &'a Arguments, extra: Option<&str>, loc: Loc) -> Done {
        let keywords = &args.keywords;
        self.check_keywords(keywords)?;
        let (n, k) = (args.args.len() + usize::from(extra.is_some()), keywords.len());
        let stars = args.args.iter().any(Expr::is_starred_expr) || keywords.iter().any(|kw| kw.arg.is_none());
        if !stars && n + k * 2 <= STACK_GUIDELINE {
            self.exprs(&args.args)?;
            if let Some(name) = extra {
                self.name(name, Access::Load, loc);
            }
            let n = pushed + n as u32;
            if k == 0 {
                self.emit(Op::CALL, n, loc);
            } else {
                self.exprs(keywords.iter().map(|keyword| &keyword.value))?;
                self.keyword_names(keywords, loc);
                self.emit(Op::CALL_KW, n + k as u32, loc);
            }
            return Ok(());
        }
        match (&*args.args, extra) {
            ([Expr::Starred(starred)], None) if pushed == 0 => self.expr(&starred.value)?,
            (list, None) => self.sequence(list.iter(), pushed, display::Kind::Tuple, loc)?,
            (list, Some(name)) if !list.iter().any(Expr::is_starred_expr) && n < STACK_GUIDELINE => {
                self.exprs(list)?;
                self.name(name, Access::Load, loc);
                self.emit(Op::BUILD_TUPLE, pushed + n as u32, loc);
            }
            (list, Some(name)) => {
                self.emit(Op::BUILD_LIST, pushed, loc);
                for arg in list {
                    match arg {
                        Expr::Starred(starred) => {
                            self.expr(&starred.value)?;
                            self.emit(Op::LIST_EXTEND, 1, loc);
                        }
                        arg => {
                            self.expr(arg)?;
                            self.emit(Op::LIST_APPEND, 1, loc);
                        }
                    }
                }
                self.name(name, Access::Load, loc);
                self.emit(Op::LIST_APPEND, 1, loc);
                self.emit(Op::CALL_INTRINSIC_1, crate::compile::ir::intrinsic1::LIST_TO_TUPLE, loc);
            }
        }
        let mut have_dict = false;
        let mut waiting = 0;
        for (i, keyword) in keywords.iter().enumerate() {
            if keyword.arg.is_some() {
                waiting += 1;
                continue;
            }
            if waiting > 0 {
                self.sub_kwargs(&keywords[i - waiting..i], loc)?;
                if have_dict {
                    self.emit(Op::DICT_MERGE, 1, loc);
                }
                have_dict = true;
                waiting = 0;
            }
            if !have_dict {
                self.emit(Op::BUILD_MAP, 0, loc);
                have_dict = true;
            }
            self.expr(&keyword.value)?;
            self.emit(Op::DICT_MERGE, 1, loc);
        }
        if waiting > 0 {
            self.sub_kwargs(&keywords[k - waiting..], loc)?;
            if have_dict {
                self.emit(Op::DICT_MERGE, 1, loc);
            }
        }
        self.emit(Op::CALL_FUNCTION_EX, u32::from(k > 0), loc);
        Ok(())
    }

    fn sub_kwargs(&mut self, keywords: &'a [Keyword], loc: Loc) -> Done {
        let n = keywords.len();
        let big = n * 2 > STACK_GUIDELINE;
        if n > 1 && !big {
            self.exprs(keywords.iter().map(|keyword| &keyword.value))?;
            self.keyword_names(keywords, loc);
            self.emit(Op::BUILD_CONST_KEY_MAP, n as u32, loc);
            return Ok(());
        }
        if big {
            self.emit(Op::BUILD_MAP, 0, Loc::NONE);
        }
        for keyword in keywords {
            let name = keyword.arg.as_ref().map_or(String::new(), |name| super::super::scope::identifier(&name.id));
            self.load_const(Const::from(&*name), loc);
            self.expr(&keyword.value)?;
            if big {
                self.emit(Op::MAP_ADD, 1, Loc::NONE);
            }
        }
        if !big {
            self.emit(Op::BUILD_MAP, n as u32, loc);
        }
        Ok(())
    }
}
