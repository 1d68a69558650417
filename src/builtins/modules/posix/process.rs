//! Functions on the process: ids, environment, exit.

use crate::object::sequence::Tuple;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::{Args, R, Vm};

macro_rules! id {
    ($name:literal $f:ident) => {
        def($name, 0, 0, |_, _| {
            // SAFETY: takes nothing and cannot fail.
            let id = unsafe { libc::$f() };
            Ok(Value::int_unchecked(id.into()))
        })
    };
}

pub const TABLE: &[Def] = &[
    id!("getpid" getpid),
    id!("getppid" getppid),
    id!("getuid" getuid),
    id!("geteuid" geteuid),
    id!("getgid" getgid),
    id!("getegid" getegid),
    def_kw("_exit", 0, ANY, exit),
    def("cpu_count", 0, 0, cpu_count),
    def("strerror", 1, 1, strerror),
    // The environment is read by nobody but the program, which keeps its own copy: there are no child processes.
    def("putenv", 2, 2, |vm, a| {
        vm.audit("os.putenv", |_| a.pos[..2].to_vec())?;
        Ok(Value::NONE)
    }),
    def("unsetenv", 1, 1, |vm, a| {
        vm.audit("os.unsetenv", |_| a.pos[..1].to_vec())?;
        Ok(Value::NONE)
    }),
    def("getlogin", 0, 0, |vm, _| Err(vm.os_error(libc::ENOTTY, None))),
    def("uname", 0, 0, uname),
    def("waitstatus_to_exitcode", 1, 1, |vm, a| {
        let status = i64::from(vm.index_c_int(&a.pos[0])?);
        let signal = status & 0x7f;
        Ok(Value::int_unchecked(if signal == 0 { status >> 8 & 0xff } else { -signal }))
    }),
];

/// Ends the process without cleaning up, as it says.
fn exit(vm: &mut Vm, a: Args<'_>) -> R {
    let [status] = a.bind(vm, &signature("_exit", ["status"], 1))?;
    let status = vm.index_c_int(status.unwrap_or(&Value::NONE))?;
    std::process::exit(status)
}

fn cpu_count(_: &mut Vm, _: Args<'_>) -> R {
    Ok(std::thread::available_parallelism().map_or(Value::NONE, |n| Value::from_len(n.get())))
}

fn strerror(vm: &mut Vm, a: Args<'_>) -> R {
    let n = vm.index_c_int(&a.pos[0])?;
    let text = std::io::Error::from_raw_os_error(n).to_string();
    let text = text.split(" (os error").next().unwrap_or_default().to_owned();
    Ok(vm.new_str(&text))
}

fn uname(vm: &mut Vm, _: Args<'_>) -> R {
    let read = |name: &str| std::fs::read_to_string(format!("/proc/sys/kernel/{name}")).unwrap_or_default();
    let parts = [read("ostype"), read("hostname"), read("osrelease"), read("version"), std::env::consts::ARCH.into()];
    let parts = parts.map(|p: String| vm.new_str(p.trim()));
    Ok(Tuple::new(&vm.heap, parts).into())
}
