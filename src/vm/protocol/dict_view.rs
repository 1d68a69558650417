//! Views of dicts: what `keys()`, `values()` and `items()` give.

use crate::object::dict::Dict;
use crate::object::header::Ref;
use crate::object::iter::DictPart;
use crate::object::opaque::Opaque;
use crate::object::sequence::Tuple;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::{R, Vm};

/// A live view of a dict.
pub struct View {
    pub dict: Ref<Dict>,
    pub part: DictPart,
}

opaque_data!(View { dict });

/// A new view.
pub fn view(vm: &Vm, dict: Ref<Dict>, part: DictPart) -> Value {
    let t = vm.types();
    let class = match part {
        DictPart::Keys => &t.dict_keys,
        DictPart::Values => &t.dict_values,
        DictPart::Items => &t.dict_items,
    };
    view_of(vm, class, dict, part)
}

/// A new view of a class whose layout is that of views.
pub fn view_of(vm: &Vm, class: &Ref<Type>, dict: Ref<Dict>, part: DictPart) -> Value {
    vm.heap.alloc(class, Opaque { data: Box::new(View { dict, part }) }).into()
}

pub fn is_view(v: &Value) -> bool {
    v.opaque::<View>().is_some()
}

/// A view with the operators of a set.
pub fn is_set_view(v: &Value) -> bool {
    v.opaque::<View>().is_some_and(|v| v.part != DictPart::Values)
}

/// The length of a view.
pub fn len(v: &Value) -> Option<usize> {
    v.opaque::<View>().map(|v| v.dict.len())
}

/// `item in view`.
pub fn contains(vm: &mut Vm, v: &Value, item: &Value) -> R<bool> {
    let Some((dict, part)) = v.opaque::<View>().map(|v| (v.dict.clone(), v.part)) else {
        return Ok(false);
    };
    match part {
        DictPart::Keys => Ok(vm.dict_get(&dict, item)?.is_some()),
        DictPart::Items => {
            let Some(pair) = item.downcast::<Tuple>().filter(|t| t.len() == 2).cloned() else {
                return Ok(false);
            };
            match vm.dict_get(&dict, &pair[0])? {
                Some(found) => vm.eq_or_is(&found, &pair[1]),
                None => Ok(false),
            }
        }
        DictPart::Values => {
            let mut at = 0;
            while let Some((after, _, value)) = dict.next_entry(at) {
                at = after;
                if vm.eq_or_is(&value, item)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
    }
}
