//! The intrinsic functions that the compiler calls by number.

use crate::code::UnaryOp;
use crate::code::instruction_args::{intrinsic1, intrinsic2};
use crate::object::exception::Exception;
use crate::object::generator::Flavor;
use crate::object::sequence::{List, Tuple};
use crate::object::value::Value;
use crate::vm::{R, Vm};

impl Vm {
    pub(super) fn intrinsic(&mut self, n: u32, v: Value) -> R {
        match n {
            intrinsic1::PRINT => match self.of_sys("displayhook") {
                Some(hook) => self.call(&hook, &[v]),
                None => Err(self.runtime_error("lost sys.displayhook")),
            },
            intrinsic1::STOPITERATION_ERROR => {
                let t = self.types();
                let class = v.class(&self.heap);
                let flavor = self.stack.frame().map_or(Flavor::Generator, |f| Flavor::of(f.code().data.flags));
                let name = if class.is_subclass(&t.StopIteration) {
                    "StopIteration"
                } else if flavor == Flavor::AsyncGenerator && class.is_subclass(&t.StopAsyncIteration) {
                    "StopAsyncIteration"
                } else {
                    return Ok(v);
                };
                let e = self.runtime_error(format!("{} raised {name}", flavor.word()));
                if let Some(x) = e.0.downcast::<Exception>() {
                    x.cause.set(Some(v.clone()));
                    x.context.set(Some(v));
                    x.suppress_context.set(true);
                }
                Ok(e.0)
            }
            intrinsic1::UNARY_POSITIVE => self.unary(UnaryOp::Pos, &v),
            intrinsic1::LIST_TO_TUPLE => {
                let items = v.downcast::<List>().map(|l| l.to_vec()).unwrap_or_default();
                Ok(Tuple::new(&self.heap, items).into())
            }
            intrinsic1::IMPORT_STAR => {
                let Some(target) = self.locals_mapping() else { return Err(self.system_error("no locals")) };
                self.import_star(&v, &target)?;
                Ok(Value::NONE)
            }
            intrinsic1::ASYNC_GEN_WRAP => Ok(self.wrap_async_value(v)),
            _ => self.type_intrinsic(n, v),
        }
    }

    pub(super) fn intrinsic_2(&mut self, n: u32, l: Value, r: Value) -> R {
        if n == intrinsic2::PREP_RERAISE_STAR {
            self.prepare_reraise_star(&l, &r)
        } else {
            self.type_intrinsic_2(n, l, r)
        }
    }
}
