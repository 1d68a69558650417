//! `match` statements.
//!
//! The subject is on top of the stack while a pattern is matched, and consumed by it.  Captured values wait below it
//! until the whole pattern has matched; then they are stored.  A test that fails jumps to a label that pops as many
//! operands as there are at that point.

use dashu_int::IBig;
use ruff_python_ast::{
    Expr, Pattern, PatternMatchAs, PatternMatchClass, PatternMatchMapping, PatternMatchOr, Singleton, StmtMatch,
};

use super::*;

/// What has been matched of a `case` so far.
#[derive(Clone, Default)]
struct Context {
    /// Names captured, in the order of their values on the stack (top first is the first).
    stores: Vec<String>,
    /// Whether a pattern that always matches is allowed here.
    allow_irrefutable: bool,
    /// Where to go when the match fails with n operands to pop.
    fail_pop: Vec<BlockId>,
    /// Operands above the captured values.
    on_top: u32,
}

fn is_wildcard(pattern: &Pattern) -> bool {
    matches!(pattern, Pattern::MatchAs(PatternMatchAs { pattern: None, name: None, .. }))
}

impl<'a> Codegen<'a> {
    pub(super) fn match_stmt(&mut self, stmt: &'a StmtMatch) -> Done {
        self.expr(&stmt.subject)?;
        let end = self.label();
        let n = stmt.cases.len();
        let has_default = n > 1 && stmt.cases.last().is_some_and(|case| is_wildcard(&case.pattern));
        let tested = n - usize::from(has_default);
        for (i, case) in stmt.cases[..tested].iter().enumerate() {
            let loc = self.loc_of(&case.pattern);
            if i + 1 != tested {
                self.emit(Op::COPY, 1, loc);
            }
            let allow_irrefutable = case.guard.is_some() || i + 1 == n;
            let mut context = Context { allow_irrefutable, ..Context::default() };
            self.pattern(&case.pattern, &mut context)?;
            for name in &context.stores {
                self.name(name, Access::Store, loc);
            }
            if let Some(guard) = &case.guard {
                self.ensure_fail_pop(&mut context, 0);
                self.jump_if(guard, context.fail_pop[0], false)?;
            }
            if i + 1 != tested {
                self.emit(Op::POP_TOP, 0, loc);
            }
            self.stmts(&case.body)?;
            self.emit_to(Op::JUMP, end, Loc::NONE);
            self.emit_fail_pop(&mut context, loc);
        }
        if let (true, Some(case)) = (has_default, stmt.cases.last()) {
            let loc = self.loc_of(&case.pattern);
            self.emit(Op::NOP, 0, loc);
            if let Some(guard) = &case.guard {
                self.jump_if(guard, end, false)?;
            }
            self.stmts(&case.body)?;
        }
        self.place(end);
        Ok(())
    }

    fn ensure_fail_pop(&mut self, context: &mut Context, n: usize) {
        while context.fail_pop.len() <= n {
            let label = self.label();
            context.fail_pop.push(label);
        }
    }

    fn fail(&mut self, context: &mut Context, jump: Op, loc: Loc) {
        let pops = context.on_top as usize + context.stores.len();
        self.ensure_fail_pop(context, pops);
        self.emit_to(jump, context.fail_pop[pops], loc);
    }

    fn emit_fail_pop(&mut self, context: &mut Context, loc: Loc) {
        while let Some(label) = context.fail_pop.pop() {
            self.place(label);
            if !context.fail_pop.is_empty() {
                self.emit(Op::POP_TOP, 0, loc);
            }
        }
    }

    /// Moves the top below `count - 1` other operands.
    fn rotate(&mut self, count: u32, loc: Loc) {
        for depth in (2..=count).rev() {
            self.emit(Op::SWAP, depth, loc);
        }
    }

    fn capture(&mut self, name: Option<&str>, context: &mut Context, range: TextRange) -> Done {
        let loc = self.loc(range);
        let Some(name) = name else {
            self.emit(Op::POP_TOP, 0, loc);
            return Ok(());
        };
        self.check_name(name, Access::Store, range)?;
        self.add_capture(name, context, range)?;
        self.rotate(context.on_top + context.stores.len() as u32, loc);
        Ok(())
    }

    fn add_capture(&self, name: &str, context: &mut Context, range: TextRange) -> Done {
        if context.stores.iter().any(|other| other == name) {
            return self.error(range, format!("multiple assignments to name '{name}' in pattern"));
        }
        context.stores.push(name.to_owned());
        Ok(())
    }

    fn pattern(&mut self, pattern: &'a Pattern, context: &mut Context) -> Done {
        self.nest(|codegen| codegen.pattern_here(pattern, context))
    }

    fn subpattern(&mut self, pattern: &'a Pattern, context: &mut Context) -> Done {
        let allowed = std::mem::replace(&mut context.allow_irrefutable, true);
        self.pattern(pattern, context)?;
        context.allow_irrefutable = allowed;
        Ok(())
    }

    fn pattern_here(&mut self, pattern: &'a Pattern, context: &mut Context) -> Done {
        let loc = self.loc_of(pattern);
        let range = pattern.range();
        match pattern {
            Pattern::MatchValue(value) => {
                if self.constant(&value.value).is_none()
                    && !matches!(&*value.value, Expr::Attribute(_) | Expr::FString(_))
                {
                    return self.error(range, "patterns may only match literals and attribute lookups");
                }
                self.expr(&value.value)?;
                self.emit(Op::COMPARE_OP, CompareOp::Eq as u32, loc);
                self.emit(Op::TO_BOOL, 0, loc);
                self.fail(context, Op::POP_JUMP_IF_FALSE, loc);
                Ok(())
            }
            Pattern::MatchSingleton(singleton) => {
                let value = match singleton.value {
                    Singleton::None => Const::None,
                    Singleton::True => Const::True,
                    Singleton::False => Const::False,
                };
                self.load_const(value, loc);
                self.emit(Op::IS_OP, 0, loc);
                self.fail(context, Op::POP_JUMP_IF_FALSE, loc);
                Ok(())
            }
            Pattern::MatchSequence(sequence) => self.sequence_pattern(&sequence.patterns, context, range),
            Pattern::MatchMapping(mapping) => self.mapping_pattern(mapping, context, range),
            Pattern::MatchClass(class) => self.class_pattern(class, context, range),
            Pattern::MatchStar(star) => self.capture(star.name.as_deref(), context, range),
            Pattern::MatchAs(binding) => {
                let name = binding.name.as_deref();
                let Some(inner) = &binding.pattern else {
                    if !context.allow_irrefutable {
                        let what = name.map_or("wildcard".to_owned(), |name| format!("name capture '{name}'"));
                        return self.error(range, format!("{what} makes remaining patterns unreachable"));
                    }
                    return self.capture(name, context, range);
                };
                context.on_top += 1;
                self.emit(Op::COPY, 1, loc);
                self.pattern(inner, context)?;
                context.on_top -= 1;
                self.capture(name, context, range)
            }
            Pattern::MatchOr(or) => self.or_pattern(or, context, range),
        }
    }

    fn check_length(&mut self, op: CompareOp, n: usize, context: &mut Context, loc: Loc) {
        self.emit(Op::GET_LEN, 0, loc);
        self.load_const(Const::Int(IBig::from(n)), loc);
        self.emit(Op::COMPARE_OP, op as u32, loc);
        self.fail(context, Op::POP_JUMP_IF_FALSE, loc);
    }

    fn sequence_pattern(&mut self, patterns: &'a [Pattern], context: &mut Context, range: TextRange) -> Done {
        let loc = self.loc(range);
        let mut star = None;
        let mut only_wildcards = true;
        let mut star_is_wildcard = false;
        for (i, pattern) in patterns.iter().enumerate() {
            let Pattern::MatchStar(inner) = pattern else {
                only_wildcards &= is_wildcard(pattern);
                continue;
            };
            if star.is_some() {
                return self.error(range, "multiple starred expressions in sequence pattern");
            }
            star = Some(i);
            star_is_wildcard = inner.name.is_none();
            only_wildcards &= star_is_wildcard;
        }
        let n = patterns.len();
        context.on_top += 1;
        self.emit(Op::MATCH_SEQUENCE, 0, loc);
        self.fail(context, Op::POP_JUMP_IF_FALSE, loc);
        if star.is_none() {
            self.check_length(CompareOp::Eq, n, context, loc);
        } else if n > 1 {
            self.check_length(CompareOp::Ge, n - 1, context, loc);
        }
        context.on_top -= 1;
        match star {
            _ if only_wildcards => self.emit(Op::POP_TOP, 0, loc),
            Some(star) if star_is_wildcard => self.match_by_index(patterns, star, context, loc)?,
            _ => {
                match star {
                    Some(at) if at >= 1 << 8 || n - at > 1 << 23 => {
                        return self.error(range, "too many expressions in star-unpacking sequence pattern");
                    }
                    Some(at) => self.emit(Op::UNPACK_EX, at as u32 | ((n - at - 1) as u32) << 8, loc),
                    None => self.emit(Op::UNPACK_SEQUENCE, n as u32, loc),
                }
                context.on_top += n as u32;
                for pattern in patterns {
                    context.on_top -= 1;
                    self.subpattern(pattern, context)?;
                }
            }
        }
        Ok(())
    }

    /// `[a, *_, b]`: only the items that are asked for are fetched.
    fn match_by_index(&mut self, patterns: &'a [Pattern], star: usize, context: &mut Context, loc: Loc) -> Done {
        context.on_top += 1;
        for (i, pattern) in patterns.iter().enumerate() {
            if i == star || is_wildcard(pattern) {
                continue;
            }
            self.emit(Op::COPY, 1, loc);
            if i < star {
                self.load_const(Const::Int(IBig::from(i)), loc);
            } else {
                self.emit(Op::GET_LEN, 0, loc);
                self.load_const(Const::Int(IBig::from(patterns.len() - i)), loc);
                self.emit(Op::BINARY_OP, super::expr::binary_number(ruff_python_ast::Operator::Sub), loc);
            }
            self.emit(Op::BINARY_SUBSCR, 0, loc);
            self.subpattern(pattern, context)?;
        }
        context.on_top -= 1;
        self.emit(Op::POP_TOP, 0, loc);
        Ok(())
    }

    /// Fails if the top is None; pops nothing otherwise.
    fn fail_if_none(&mut self, context: &mut Context, loc: Loc) {
        self.emit(Op::COPY, 1, loc);
        self.load_none(loc);
        self.emit(Op::IS_OP, 1, loc);
        self.fail(context, Op::POP_JUMP_IF_FALSE, loc);
    }

    fn class_pattern(&mut self, class: &'a PatternMatchClass, context: &mut Context, range: TextRange) -> Done {
        let loc = self.loc(range);
        let arguments = &class.arguments;
        let names: Vec<String> =
            arguments.keywords.iter().map(|keyword| super::super::scope::identifier(&keyword.attr.id)).collect();
        let mut seen = FxHashSet::default();
        for (keyword, name) in arguments.keywords.iter().zip(&names) {
            if !seen.insert(name) {
                let message = format!("attribute name repeated in class pattern: {name}");
                return self.error(keyword.pattern.range(), message);
            }
        }
        self.expr(&class.cls)?;
        let names: Vec<Const> = names.iter().map(|name| Const::from(&**name)).collect();
        let n = (arguments.patterns.len() + names.len()) as u32;
        self.load_const(Const::Tuple(names.into()), loc);
        self.emit(Op::MATCH_CLASS, arguments.patterns.len() as u32, loc);
        context.on_top += 1;
        self.fail_if_none(context, loc);
        self.emit(Op::UNPACK_SEQUENCE, n, loc);
        context.on_top += n;
        context.on_top -= 1;
        let keywords = arguments.keywords.iter().map(|keyword| &keyword.pattern);
        for pattern in arguments.patterns.iter().chain(keywords) {
            context.on_top -= 1;
            if is_wildcard(pattern) {
                self.emit(Op::POP_TOP, 0, loc);
            } else {
                self.subpattern(pattern, context)?;
            }
        }
        Ok(())
    }

    fn mapping_pattern(&mut self, mapping: &'a PatternMatchMapping, context: &mut Context, range: TextRange) -> Done {
        let loc = self.loc(range);
        let n = mapping.keys.len();
        context.on_top += 1;
        self.emit(Op::MATCH_MAPPING, 0, loc);
        self.fail(context, Op::POP_JUMP_IF_FALSE, loc);
        if n == 0 && mapping.rest.is_none() {
            context.on_top -= 1;
            self.emit(Op::POP_TOP, 0, loc);
            return Ok(());
        }
        if n > 0 {
            self.check_length(CompareOp::Ge, n, context, loc);
        }
        let mut seen: FxHashMap<u64, Vec<Const>> = FxHashMap::default();
        for key in &mapping.keys {
            if let Some(value) = self.constant(key) {
                let there = seen.entry(value.same_hash()).or_default();
                if there.iter().any(|other| other.same(&value)) {
                    let text = &self.source.text()[key.range()];
                    return self.error(range, format!("mapping pattern checks duplicate key ({text})"));
                }
                there.push(value);
            } else if !matches!(key, Expr::Attribute(_)) {
                return self.error(range, "mapping pattern keys may only match literals and attribute lookups");
            }
            self.expr(key)?;
        }
        self.emit(Op::BUILD_TUPLE, n as u32, loc);
        self.emit(Op::MATCH_KEYS, 0, loc);
        context.on_top += 2;
        self.fail_if_none(context, loc);
        self.emit(Op::UNPACK_SEQUENCE, n as u32, loc);
        context.on_top += n as u32;
        context.on_top -= 1;
        for pattern in &mapping.patterns {
            context.on_top -= 1;
            self.subpattern(pattern, context)?;
        }
        context.on_top -= 2;
        let Some(rest) = &mapping.rest else {
            self.emit(Op::POP_TOP, 0, loc);
            self.emit(Op::POP_TOP, 0, loc);
            return Ok(());
        };
        self.emit(Op::BUILD_MAP, 0, loc);
        self.emit(Op::SWAP, 3, loc);
        self.emit(Op::DICT_UPDATE, 2, loc);
        self.emit(Op::UNPACK_SEQUENCE, n as u32, loc);
        for left in (1..=n as u32).rev() {
            self.emit(Op::COPY, 1 + left, loc);
            self.emit(Op::SWAP, 2, loc);
            self.emit(Op::DELETE_SUBSCR, 0, loc);
        }
        self.capture(Some(rest), context, range)
    }

    fn or_pattern(&mut self, or: &'a PatternMatchOr, context: &mut Context, range: TextRange) -> Done {
        let loc = self.loc(range);
        let end = self.label();
        // the names of the first alternative; the others put their values in the same order
        let mut control: Vec<String> = Vec::new();
        for (i, alternative) in or.patterns.iter().enumerate() {
            let at = self.loc_of(alternative);
            let last = i + 1 == or.patterns.len();
            let mut inner = Context { allow_irrefutable: last && context.allow_irrefutable, ..Context::default() };
            self.emit(Op::COPY, 1, at);
            self.pattern(alternative, &mut inner)?;
            if i == 0 {
                control.clone_from(&inner.stores);
            } else if inner.stores.len() != control.len() {
                return self.error(range, "alternative patterns bind different names");
            }
            for place in (0..control.len()).rev() {
                let Some(found) = inner.stores.iter().position(|name| *name == control[place]) else {
                    return self.error(range, "alternative patterns bind different names");
                };
                if found == place {
                    continue;
                }
                let rotated: Vec<String> = inner.stores.drain(..=found).collect();
                inner.stores.splice(place - found..place - found, rotated);
                for _ in 0..=found {
                    self.rotate(place as u32 + 1, at);
                }
            }
            self.emit_to(Op::JUMP, end, at);
            self.emit_fail_pop(&mut inner, at);
        }
        self.emit(Op::POP_TOP, 0, loc);
        self.fail(context, Op::JUMP, loc);
        self.place(end);
        let rotations = control.len() as u32 + 1 + context.on_top + context.stores.len() as u32;
        for name in &control {
            self.rotate(rotations, loc);
            self.add_capture(name, context, range)?;
        }
        self.emit(Op::POP_TOP, 0, loc);
        Ok(())
    }
}
