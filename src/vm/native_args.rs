//! Arguments of native functions by position or name, with the words of CPython's argument parsing for mistakes.

use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::{Args, R, Vm};

/// The parameters of a native function.  The receiver, or the class that `__new__` gets, is not one of them.
pub struct Signature<const N: usize> {
    /// The function's name in messages.
    pub function: &'static str,
    /// Parameters in order; those that come by position only have an empty name.
    pub names: [&'static str; N],
    /// How many of the first must be given.
    pub required: usize,
    /// How many of the first may come by position.
    pub positional: usize,
}

/// Parameters that may all come by position.
pub const fn signature<const N: usize>(
    function: &'static str,
    names: [&'static str; N],
    required: usize,
) -> Signature<N> {
    Signature { function, names, required, positional: N }
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

impl<'a> Args<'a> {
    /// The arguments without the receiver.
    pub fn rest(self) -> Args<'a> {
        Args { pos: self.pos.get(1..).unwrap_or(&[]), ..self }
    }

    /// Refuses keyword arguments, and fewer or more positional ones than these.
    pub fn between(self, vm: &mut Vm, function: &str, min: usize, max: usize) -> R<()> {
        if !self.names.is_empty() {
            return Err(vm.type_error(format!("{function}() takes no keyword arguments")));
        }
        let given = self.pos.len();
        if (min..=max).contains(&given) {
            return Ok(());
        }
        let (which, n) = match (given < min, min == max) {
            (_, true) => ("", min),
            (true, _) => ("at least ", min),
            (false, _) => ("at most ", max),
        };
        Err(vm.type_error(format!("{function} expected {which}{n} argument{}, got {given}", plural(n))))
    }

    /// The arguments by parameter.
    pub fn bind<const N: usize>(self, vm: &mut Vm, s: &Signature<N>) -> R<[Option<&'a Value>; N]> {
        let mut bound = [None; N];
        let (given, named, function) = (self.pos.len(), self.names.len(), s.function);
        let pos_only = s.names.iter().take_while(|n| n.is_empty()).count();
        if given + named > N {
            let keyword = if given == 0 { "keyword " } else { "" };
            return Err(vm.type_error(format!(
                "{function}() takes at most {N} {keyword}argument{} ({} given)",
                plural(N),
                given + named
            )));
        }
        let pos_required = s.required.min(pos_only);
        if given > s.positional {
            let most = if s.required < s.positional { "at most" } else { "exactly" };
            return Err(vm.type_error(match s.positional {
                0 => format!("{function}() takes no positional arguments"),
                n => format!("{function}() takes {most} {n} positional argument{} ({given} given)", plural(n)),
            }));
        }
        if given < pos_required {
            let least = if pos_required < s.positional { "at least" } else { "exactly" };
            return Err(vm.type_error(format!(
                "{function}() takes {least} {pos_required} positional argument{} ({given} given)",
                plural(pos_required)
            )));
        }
        for (slot, v) in bound.iter_mut().zip(self.pos) {
            *slot = Some(v);
        }
        let (mut unknown, mut twice) = (None, None);
        for (n, v) in self.names.iter().zip(self.values) {
            let name = n.downcast::<Str>().and_then(|s| s.as_ascii()).unwrap_or_default();
            match s.names.iter().position(|p| !name.is_empty() && *p == name) {
                Some(i) if i < given => twice = Some(twice.map_or(i, |t: usize| t.min(i))),
                Some(i) => bound[i] = Some(v),
                None => unknown = unknown.or(Some(n)),
            }
        }
        if let Some(i) = (0..s.required).find(|&i| bound[i].is_none()) {
            return Err(vm.type_error(format!(
                "{function}() missing required argument '{}' (pos {})",
                s.names[i],
                i + 1
            )));
        }
        if let Some(i) = twice {
            let name = s.names[i];
            return Err(
                vm.type_error(format!("argument for {function}() given by name ('{name}') and position ({})", i + 1))
            );
        }
        if let Some(n) = unknown {
            let name = vm.str(n)?;
            return Err(vm.type_error(format!("{function}() got an unexpected keyword argument '{name}'")));
        }
        Ok(bound)
    }
}
