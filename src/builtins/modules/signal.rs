//! `_signal`: the names of signals and what the process does with them.
//!
//! Handlers belong to the process, and the process to the host: a program is refused what it would change there, in the
//! words in which CPython refuses any thread but the main one of the main interpreter.

use super::{new, set};
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::set::Set;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::{Args, R, Vm};

macro_rules! signals {
    ($($name:ident)*) => {
        /// The signals of Linux, by name.
        const SIGNALS: &[(&str, i32)] = &[$((stringify!($name), libc::$name)),*];
    };
}

signals! {
    SIGABRT SIGALRM SIGBUS SIGCHLD SIGCONT SIGFPE SIGHUP SIGILL SIGINT SIGIO SIGKILL SIGPIPE SIGPROF SIGPWR SIGQUIT SIGSEGV
    SIGSTKFLT SIGSTOP SIGSYS SIGTERM SIGTRAP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGUSR1 SIGUSR2 SIGVTALRM SIGWINCH SIGXCPU
    SIGXFSZ
}

/// One more than the largest number.
const NSIG: i32 = 65;

const TABLE: &[Def] = &[
    def_kw("default_int_handler", 2, 2, |vm, _| {
        let class = vm.types().KeyboardInterrupt.clone();
        Err(vm.exception(&class, vec![]))
    }),
    def("getsignal", 1, 1, getsignal),
    def("signal", 2, 2, refuse),
    def("set_wakeup_fd", 1, ANY, |vm, _| {
        Err(vm.value_error("set_wakeup_fd only works in main thread of the main interpreter"))
    }),
    def("strsignal", 1, 1, strsignal),
    def("valid_signals", 0, 0, valid_signals),
];

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "_signal", TABLE);
    let others = [
        ("SIGCLD", libc::SIGCHLD),
        ("SIGPOLL", libc::SIGIO),
        ("SIGIOT", libc::SIGABRT),
        ("SIGRTMIN", 34),
        ("SIGRTMAX", 64),
        ("NSIG", NSIG),
        ("SIG_DFL", 0),
        ("SIG_IGN", 1),
        ("SIG_BLOCK", libc::SIG_BLOCK),
        ("SIG_UNBLOCK", libc::SIG_UNBLOCK),
        ("SIG_SETMASK", libc::SIG_SETMASK),
        ("ITIMER_REAL", 0),
        ("ITIMER_VIRTUAL", 1),
        ("ITIMER_PROF", 2),
    ];
    for &(name, n) in SIGNALS.iter().chain(&others) {
        set(vm, &m.dict, name, Value::int_unchecked(n.into()));
    }
    let error = vm.types().OSError.to_value();
    set(vm, &m.dict, "ItimerError", error);
    Ok(m)
}

fn number(vm: &mut Vm, v: &Value) -> R<i32> {
    match vm.index_c_int(v)? {
        n if (1..NSIG).contains(&n) => Ok(n),
        _ => Err(vm.value_error("signal number out of range")),
    }
}

/// What the process does: 0 (its default), 1 (nothing), or None for a handler of the host.
fn getsignal(vm: &mut Vm, a: Args<'_>) -> R {
    let n = number(vm, &a.pos[0])?;
    let mut action = std::mem::MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: asks for what is set, into memory of the right size, and changes nothing.
    let (status, action) = unsafe {
        let status = libc::sigaction(n, std::ptr::null(), action.as_mut_ptr());
        (status, action.assume_init())
    };
    Ok(match action.sa_sigaction {
        _ if status != 0 => Value::NONE,
        libc::SIG_DFL => Value::int_unchecked(0),
        libc::SIG_IGN => Value::int_unchecked(1),
        _ => Value::NONE,
    })
}

fn refuse(vm: &mut Vm, a: Args<'_>) -> R {
    number(vm, &a.pos[0])?;
    Err(vm.value_error("signal only works in main thread of the main interpreter"))
}

fn strsignal(vm: &mut Vm, a: Args<'_>) -> R {
    let n = number(vm, &a.pos[0])?;
    let text = match n {
        libc::SIGHUP => "Hangup",
        libc::SIGINT => "Interrupt",
        libc::SIGQUIT => "Quit",
        libc::SIGILL => "Illegal instruction",
        libc::SIGTRAP => "Trace/breakpoint trap",
        libc::SIGABRT => "Aborted",
        libc::SIGBUS => "Bus error",
        libc::SIGFPE => "Floating point exception",
        libc::SIGKILL => "Killed",
        libc::SIGUSR1 => "User defined signal 1",
        libc::SIGSEGV => "Segmentation fault",
        libc::SIGUSR2 => "User defined signal 2",
        libc::SIGPIPE => "Broken pipe",
        libc::SIGALRM => "Alarm clock",
        libc::SIGTERM => "Terminated",
        libc::SIGSTKFLT => "Stack fault",
        libc::SIGCHLD => "Child exited",
        libc::SIGCONT => "Continued",
        libc::SIGSTOP => "Stopped (signal)",
        libc::SIGTSTP => "Stopped",
        libc::SIGTTIN => "Stopped (tty input)",
        libc::SIGTTOU => "Stopped (tty output)",
        libc::SIGURG => "Urgent I/O condition",
        libc::SIGXCPU => "CPU time limit exceeded",
        libc::SIGXFSZ => "File size limit exceeded",
        libc::SIGVTALRM => "Virtual timer expired",
        libc::SIGPROF => "Profiling timer expired",
        libc::SIGWINCH => "Window changed",
        libc::SIGIO => "I/O possible",
        libc::SIGPWR => "Power failure",
        libc::SIGSYS => "Bad system call",
        34.. => return Ok(vm.new_str(&format!("Real-time signal {}", n - 34))),
        _ => return Ok(Value::NONE),
    };
    Ok(vm.new_str(text))
}

fn valid_signals(vm: &mut Vm, _: Args<'_>) -> R {
    let all = Set::new(&vm.heap, &vm.types().set);
    // 32 and 33 belong to the C library.
    for n in (1..NSIG).filter(|n| !matches!(n, 32 | 33)) {
        vm.set_add(&all, Value::int_unchecked(n.into()))?;
    }
    Ok(all.into())
}
