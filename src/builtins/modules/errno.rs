//! `errno`: the error numbers of the system by name.

use libc::*;

use super::{new, set};
use crate::object::dict::Dict;
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::value::Value;
use crate::vm::{R, Vm};

/// Which `libc` does not have.
const ENOPKG: i32 = 65;

macro_rules! numbers {
    ($($name:ident)*) => {
        /// In the order of CPython's table: the last name of a number is the one in `errorcode`.
        const NUMBERS: &[(&str, i32)] = &[$((stringify!($name), $name)),*];
    };
}

numbers! {
    ENODEV ENOCSI EHOSTUNREACH ENOMSG EUCLEAN EL2NSYNC EL2HLT ENODATA ENOTBLK ENOSYS EPIPE EINVAL EOVERFLOW EADV EINTR EUSERS
    ENOTEMPTY ENOBUFS EPROTO EREMOTE ENAVAIL ECHILD ELOOP EXDEV E2BIG ESRCH EMSGSIZE EAFNOSUPPORT EBADR EHOSTDOWN EPFNOSUPPORT
    ENOPROTOOPT EBUSY EWOULDBLOCK EAGAIN EBADFD EDOTDOT EISCONN ENOANO ESHUTDOWN ECHRNG ELIBBAD ENONET EBADE EBADF EMULTIHOP
    EIO EUNATCH EPROTOTYPE ENOSPC ENOEXEC EALREADY ENETDOWN ENOTNAM EACCES ELNRNG EILSEQ ENOTDIR ENOTUNIQ EPERM EDOM EXFULL
    ECONNREFUSED EISDIR EPROTONOSUPPORT EROFS EADDRNOTAVAIL EIDRM ECOMM ESRMNT EREMOTEIO EL3RST EBADMSG ENFILE ELIBMAX ESPIPE
    ENOLINK ENETRESET ETIMEDOUT ENOENT EEXIST EDQUOT ENOSTR EBADSLT EBADRQC ELIBACC EFAULT EFBIG EDEADLK EDEADLOCK ENOTCONN
    EDESTADDRREQ ELIBSCN ENOLCK EISNAM ECONNABORTED ENETUNREACH ESTALE ENOSR ENOMEM ENOTSOCK ESTRPIPE EMLINK ERANGE ELIBEXEC
    EL3HLT ECONNRESET EADDRINUSE EOPNOTSUPP ENOTSUP EREMCHG ENAMETOOLONG ENOTTY ERESTART ESOCKTNOSUPPORT ETIME EBFONT
    ETOOMANYREFS EMFILE ETXTBSY EINPROGRESS ENXIO ENOPKG ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED
    EKEYREJECTED EOWNERDEAD ENOTRECOVERABLE ERFKILL EHWPOISON
}

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "errno", &[]);
    let names = Dict::new(&vm.heap);
    for &(name, number) in NUMBERS {
        let number = Value::int_unchecked(number.into());
        set(vm, &m.dict, name, number.clone());
        let name = vm.intern(name).into();
        vm.dict_set(&names, number, name)?;
    }
    set(vm, &m.dict, "errorcode", names.into());
    Ok(m)
}
