//! `import` statements.

use dashu_int::IBig;
use ruff_python_ast::{StmtImport, StmtImportFrom};

use super::*;
use crate::compile::ir::intrinsic1;

impl<'a> Codegen<'a> {
    pub(super) fn import(&mut self, stmt: &'a StmtImport, loc: Loc) -> Done {
        for alias in &stmt.names {
            let name = alias.name.as_str();
            self.load_const(Const::Int(IBig::ZERO), loc);
            self.load_none(loc);
            let index = self.name_index(name);
            self.emit(Op::IMPORT_NAME, index, loc);
            let (top, rest) = name.split_once('.').map_or((name, None), |(top, rest)| (top, Some(rest)));
            let Some(asname) = &alias.asname else {
                self.check_name(top, Access::Store, alias.range)?;
                self.name(top, Access::Store, loc);
                continue;
            };
            self.check_name(asname, Access::Store, alias.range)?;
            if let Some(rest) = rest {
                for (i, part) in rest.split('.').enumerate() {
                    if i > 0 {
                        self.emit(Op::SWAP, 2, loc);
                        self.emit(Op::POP_TOP, 0, loc);
                    }
                    let index = self.name_index(part);
                    self.emit(Op::IMPORT_FROM, index, loc);
                }
                self.name(asname, Access::Store, loc);
                self.emit(Op::POP_TOP, 0, loc);
            } else {
                self.name(asname, Access::Store, loc);
            }
        }
        Ok(())
    }

    pub(super) fn import_from(&mut self, stmt: &'a StmtImportFrom, loc: Loc) -> Done {
        self.load_const(Const::Int(IBig::from(stmt.level)), loc);
        let names: Vec<Const> = stmt.names.iter().map(|alias| Const::from(alias.name.as_str())).collect();
        self.load_const(Const::Tuple(names.into()), loc);
        let index = self.name_index(stmt.module.as_ref().map_or("", |module| module.as_str()));
        self.emit(Op::IMPORT_NAME, index, loc);
        for alias in &stmt.names {
            if alias.name.as_str() == "*" {
                self.emit(Op::CALL_INTRINSIC_1, intrinsic1::IMPORT_STAR, loc);
                self.emit(Op::POP_TOP, 0, loc);
                return Ok(());
            }
            let index = self.name_index(&alias.name);
            self.emit(Op::IMPORT_FROM, index, loc);
            let bound = alias.asname.as_ref().unwrap_or(&alias.name);
            self.check_name(bound, Access::Store, alias.range)?;
            self.name(bound, Access::Store, loc);
        }
        self.emit(Op::POP_TOP, 0, loc);
        Ok(())
    }
}
