//! (being written by the runtime's author)
use crate::object::{dict::Dict, header::Ref, str::Str, value::Value};
use crate::vm::{R, Vm};
impl Vm {
    pub fn import_name(&mut self, _n: &Ref<Str>, _g: Option<&Ref<Dict>>, _f: &Value, _l: i64) -> R { Err(self.not_implemented_error("import")) }
    pub fn import_from(&mut self, _m: &Value, _n: &Ref<Str>) -> R { Err(self.not_implemented_error("import")) }
    pub fn import_star(&mut self, _m: &Value, _n: &Ref<Dict>) -> R<()> { Err(self.not_implemented_error("import")) }
}
