//! Classes and module bodies.

use dashu_int::IBig;
use ruff_python_ast::{Arguments, StmtClassDef};

use super::*;
use crate::compile::annotations;
use crate::compile::ir::intrinsic1;

impl<'a> Codegen<'a> {
    /// The statements of a module; its docstring becomes `__doc__`.
    pub(super) fn module_body(&mut self, body: &'a [Stmt]) -> Done {
        let variables = annotations::variables(body);
        // on the line that comes first anyway: making the function has no LINE event of its own
        let start = body.first().map_or(Loc::NONE, |first| self.loc_of(first));
        self.begin_annotations(&variables, start);
        self.store_annotations(&variables, "__annotate__", start)?;
        if self.interactive {
            return self.stmts(body);
        }
        self.body_with_doc(body)
    }

    fn body_with_doc(&mut self, body: &'a [Stmt]) -> Done {
        let (docstring, body) = self.docstring(body);
        if let Some((text, loc)) = docstring {
            self.load_const(Const::Str(text), loc);
            self.name("__doc__", Access::Store, Loc::NONE);
        }
        self.stmts(body)
    }

    pub(super) fn class(&mut self, def: &'a StmtClassDef) -> Done {
        let loc = self.definition_loc(def.range, def.decorator_list.last().map(|last| last.range));
        let first_line = self.decorators(&def.decorator_list, loc.line)?;
        self.check_name(&def.name, Access::Store, def.name.range)?;
        match &def.type_params {
            None => {
                self.class_body(def, first_line, loc)?;
                self.class_call(def.arguments.as_deref(), None, loc)?;
            }
            Some(params) => {
                let name = format!("<generic parameters of {}>", def.name);
                self.enter_type_params(&name, params, first_line)?;
                self.unit().class = Some(def.name.to_string());
                self.type_params(params)?;
                self.name(".type_params", Access::Store, loc);
                self.class_body(def, first_line, loc)?;
                self.name(".type_params", Access::Load, loc);
                self.emit(Op::CALL_INTRINSIC_1, intrinsic1::SUBSCRIPT_GENERIC, loc);
                self.name(".generic_base", Access::Store, loc);
                self.class_call(def.arguments.as_deref(), Some(".generic_base"), loc)?;
                let unit = self.leave(false)?;
                self.make_closure(unit, 0, loc);
                self.emit(Op::PUSH_NULL, 0, loc);
                self.emit(Op::CALL, 0, loc);
            }
        }
        self.apply_decorators(&def.decorator_list);
        self.name(&def.name, Access::Store, loc);
        Ok(())
    }

    /// The call of `__build_class__`, whose function and name are on the stack.
    fn class_call(&mut self, arguments: Option<&'a Arguments>, extra: Option<&str>, loc: Loc) -> Done {
        match arguments {
            Some(arguments) => self.call_arguments(2, arguments, extra, loc),
            None => {
                if let Some(name) = extra {
                    self.name(name, Access::Load, loc);
                }
                self.emit(Op::CALL, 2 + u32::from(extra.is_some()), loc);
                Ok(())
            }
        }
    }

    fn class_body(&mut self, def: &'a StmtClassDef, first_line: i32, loc: Loc) -> Done {
        let Some(scope) = self.table.of(def) else { return self.error(def.range, "class without a scope") };
        let name = super::super::scope::identifier(&def.name.id);
        self.enter(&name, UnitKind::Class, scope, first_line);
        self.unit().class = Some(name.clone());
        let start = Loc::start_of_line(first_line);
        self.name("__name__", Access::Load, start);
        self.name("__module__", Access::Store, start);
        let qualname = Const::from(&*self.current().unit.qualname);
        self.load_const(qualname, start);
        self.name("__qualname__", Access::Store, start);
        self.load_const(Const::Int(IBig::from(first_line)), start);
        self.name("__firstlineno__", Access::Store, start);
        if def.type_params.is_some() {
            self.name(".type_params", Access::Load, start);
            self.name("__type_params__", Access::Store, start);
        }
        if self.scope().class_cells.contains(&"__classdict__") {
            self.emit(Op::LOAD_LOCALS, 0, start);
            let index = self.deref_index("__classdict__", false);
            self.emit(Op::STORE_DEREF, index, start);
        }
        let variables = annotations::variables(&def.body);
        self.begin_annotations(&variables, Loc::NONE);
        self.body_with_doc(&def.body)?;
        self.store_annotations(&variables, "__annotate_func__", Loc::NONE)?;
        let attributes: Vec<Const> =
            self.current().static_attributes.iter().map(|name| Const::from(name.as_str())).collect();
        self.load_const(Const::Tuple(attributes.into()), Loc::NONE);
        self.name("__static_attributes__", Access::Store, Loc::NONE);
        if self.scope().class_cells.contains(&"__classdict__") {
            let index = self.deref_index("__classdict__", false);
            self.emit(Op::LOAD_CLOSURE, index, Loc::NONE);
            self.name("__classdictcell__", Access::Store, Loc::NONE);
        }
        if self.scope().class_cells.contains(&"__class__") {
            let index = self.deref_index("__class__", false);
            self.emit(Op::LOAD_CLOSURE, index, Loc::NONE);
            self.emit(Op::COPY, 1, Loc::NONE);
            self.name("__classcell__", Access::Store, Loc::NONE);
        } else {
            self.load_none(Loc::NONE);
        }
        self.emit(Op::RETURN_VALUE, 0, Loc::NONE);
        let unit = self.leave(true)?;
        self.emit(Op::LOAD_BUILD_CLASS, 0, loc);
        self.emit(Op::PUSH_NULL, 0, loc);
        self.make_closure(unit, 0, loc);
        self.load_const(Const::from(&*name), loc);
        Ok(())
    }
}
