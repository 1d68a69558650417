//! The parameters of functions and lambdas, and type parameters.

use ruff_python_ast::{Parameter, ParameterWithDefault, Parameters, TypeParam, TypeParams};
use ruff_text_size::{Ranged, TextRange};

use super::{Builder, Field, list, name};

impl Builder<'_> {
    fn parameter(&self, p: &Parameter) -> Field {
        // The parser counts the stars of `*args` to it.
        let range = TextRange::new(p.name.range.start(), p.range.end());
        self.node(
            "arg",
            range,
            vec![
                ("arg", name(&p.name)),
                ("annotation", self.optional(p.annotation.as_deref())),
                ("type_comment", Field::None),
            ],
        )
    }

    pub(super) fn parameters(&self, p: Option<&Parameters>) -> Field {
        let empty = Parameters::default();
        let p = p.unwrap_or(&empty);
        let plain = |items: &[ParameterWithDefault]| list(items, |a| self.parameter(&a.parameter));
        let one = |a: &Option<Box<Parameter>>| a.as_ref().map_or(Field::None, |a| self.parameter(a));
        let defaults = p.posonlyargs.iter().chain(&p.args).filter_map(|a| a.default.as_deref());
        self.bare(
            "arguments",
            vec![
                ("posonlyargs", plain(&p.posonlyargs)),
                ("args", plain(&p.args)),
                ("vararg", one(&p.vararg)),
                ("kwonlyargs", plain(&p.kwonlyargs)),
                ("kw_defaults", list(&p.kwonlyargs, |a| self.optional(a.default.as_deref()))),
                ("kwarg", one(&p.kwarg)),
                ("defaults", self.exprs(defaults)),
            ],
        )
    }

    pub(super) fn type_params(&self, params: Option<&TypeParams>) -> Field {
        list(params.iter().flat_map(|p| &p.type_params), |p| {
            let range = p.range();
            match p {
                TypeParam::TypeVar(p) => self.node(
                    "TypeVar",
                    range,
                    vec![
                        ("name", name(&p.name)),
                        ("bound", self.optional(p.bound.as_deref())),
                        ("default_value", self.optional(p.default.as_deref())),
                    ],
                ),
                TypeParam::ParamSpec(p) => {
                    let default = self.optional(p.default.as_deref());
                    self.node("ParamSpec", range, vec![("name", name(&p.name)), ("default_value", default)])
                }
                TypeParam::TypeVarTuple(p) => {
                    let default = self.optional(p.default.as_deref());
                    self.node("TypeVarTuple", range, vec![("name", name(&p.name)), ("default_value", default)])
                }
            }
        })
    }
}
