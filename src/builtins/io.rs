//! Files: the standard streams, and what `open` gives.

use std::any::Any;
use std::io::{Read, Seek, SeekFrom, Write};

use crate::object::cell::Mut;
use crate::object::function::Module;
use crate::object::opaque::{Opaque, OpaqueData};
use crate::object::sequence::{Bytes, List};
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::native::{Def, def, def_kw};
use crate::vm::output::Stream;
use crate::vm::{Args, Exc, R, Vm};

/// Bytes that are written at once.
const BUFFER: usize = 64 * 1024;

/// What a file object writes to or reads from.
enum Handle {
    Standard(Stream),
    Stdin,
    Disk(std::fs::File),
    Closed,
}

struct State {
    handle: Handle,
    /// Bytes read and not yet asked for, from `at`.
    input: Vec<u8>,
    at: usize,
    output: Vec<u8>,
}

/// The data of a file object.
pub struct File {
    state: Mut<State>,
    name: Value,
    mode: String,
    binary: bool,
    readable: bool,
    writable: bool,
}

impl OpaqueData for File {
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.name);
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl State {
    fn flush(&mut self) -> std::io::Result<()> {
        if let Handle::Disk(f) = &mut self.handle {
            let data = std::mem::take(&mut self.output);
            f.write_all(&data)?;
        }
        Ok(())
    }

    /// Reads more; how many bytes came.
    fn fill(&mut self, want: usize) -> std::io::Result<usize> {
        self.flush()?;
        if self.at > 0 {
            self.input.drain(..self.at);
            self.at = 0;
        }
        let mut chunk = vec![0; want.clamp(8192, 1 << 20)];
        let n = loop {
            let result = match &mut self.handle {
                Handle::Disk(f) => f.read(&mut chunk),
                Handle::Stdin => std::io::stdin().lock().read(&mut chunk),
                _ => Ok(0),
            };
            match result {
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                r => break r?,
            }
        };
        self.input.extend_from_slice(&chunk[..n]);
        Ok(n)
    }

    fn unread(&self) -> &[u8] {
        &self.input[self.at..]
    }

    /// Forgets what was read ahead, so that the next write or seek happens where the program is.
    fn settle(&mut self) -> std::io::Result<()> {
        self.flush()?;
        let ahead = self.unread().len() as i64;
        self.input.clear();
        self.at = 0;
        if let (Handle::Disk(f), true) = (&mut self.handle, ahead > 0) {
            f.seek(SeekFrom::Current(-ahead))?;
        }
        Ok(())
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // There is nobody left to tell of an error.
        let _ = self.state.borrow_mut().flush();
    }
}

fn text_of(vm: &mut Vm, data: &[u8]) -> R {
    match std::str::from_utf8(data) {
        Ok(s) => Ok(Str::new(&vm.heap, s).into()),
        Err(e) => {
            let at = e.valid_up_to();
            let class = vm.types().UnicodeDecodeError.clone();
            let why = if e.error_len().is_none() {
                "unexpected end of data"
            } else if (0xc2..=0xf4).contains(&data[at]) {
                "invalid continuation byte"
            } else {
                "invalid start byte"
            };
            let end = at + e.error_len().unwrap_or(data.len() - at);
            let args = vec![
                vm.new_str("utf-8"),
                Bytes::new(&vm.heap, data).into(),
                Value::from_len(at),
                Value::from_len(end),
                vm.new_str(why),
            ];
            Err(vm.exception(&class, args))
        }
    }
}

/// UTF-8 of code points; None where there is a lone surrogate, with its position.
fn encode(points: &[u32]) -> Result<String, usize> {
    let mut out = String::with_capacity(points.len());
    for (i, &p) in points.iter().enumerate() {
        out.push(char::from_u32(p).ok_or(i)?);
    }
    Ok(out)
}

fn encode_error(vm: &mut Vm, points: &[u32], at: usize) -> Exc {
    let class = vm.types().UnicodeEncodeError.clone();
    let end = points[at..].iter().position(|&p| char::from_u32(p).is_some()).map_or(points.len(), |n| at + n);
    let args = vec![
        vm.new_str("utf-8"),
        Str::from_points(&vm.heap, points).into(),
        Value::from_len(at),
        Value::from_len(end),
        vm.new_str("surrogates not allowed"),
    ];
    vm.exception(&class, args)
}

/// An `OSError` of the subclass that the error number has in CPython.
pub fn os_error(vm: &mut Vm, e: &std::io::Error, filename: Option<&Value>) -> Exc {
    // 5 is EIO: an error that did not come from the system.
    vm.os_error(e.raw_os_error().unwrap_or(5), filename)
}

/// Writes code points to a standard stream as UTF-8; a lone surrogate is an error, on stderr an escape.
pub fn write_points(vm: &mut Vm, stream: Stream, points: &[u32]) -> R<()> {
    match encode(points) {
        Ok(s) => write_out(vm, s.as_bytes(), stream),
        Err(at) if stream == Stream::Stdout => Err(encode_error(vm, points, at)),
        Err(_) => {
            let s: String =
                points.iter().map(|&p| char::from_u32(p).map_or_else(|| format!("\\u{p:04x}"), String::from)).collect();
            write_out(vm, s.as_bytes(), stream)
        }
    }
}

fn write_out(vm: &mut Vm, bytes: &[u8], stream: Stream) -> R<()> {
    vm.write_stream(stream, bytes).map_err(|e| os_error(vm, &e, None))
}

impl Vm {
    /// Writes to a standard stream of the host.
    pub fn write_out(&mut self, bytes: &[u8], is_stderr: bool) -> R<()> {
        write_out(self, bytes, if is_stderr { Stream::Stderr } else { Stream::Stdout })
    }
}

pub fn flush_stream(vm: &mut Vm, stream: Stream) -> R<()> {
    vm.flush_stream(stream).map_err(|e| os_error(vm, &e, None))
}

/// `sys.<name>` as the program sees it; None while `sys` is not imported.
pub fn standard_object(vm: &Vm, name: &str) -> Option<Value> {
    let sys = vm.modules.get_str(&vm.intern("sys"))?;
    sys.downcast::<Module>()?.dict.get_str(&vm.intern(name))
}

/// The stream of an unchanged `sys.stdout` or `sys.stderr`.
pub fn standard_stream(file: &Value) -> Option<Stream> {
    match &file.opaque::<File>()?.state.borrow().handle {
        Handle::Standard(s) => Some(*s),
        _ => None,
    }
}

/// A line of the process's input, with its end.
pub fn read_stdin_line(vm: &mut Vm) -> R {
    let mut line = Vec::new();
    if let Err(e) = std::io::BufRead::read_until(&mut std::io::stdin().lock(), b'\n', &mut line) {
        return Err(os_error(vm, &e, None));
    }
    text_of(vm, &line)
}

fn make(vm: &Vm, file: File) -> Value {
    vm.heap.alloc(&vm.types().text_io_wrapper, Opaque { data: Box::new(file) }).into()
}

fn state(handle: Handle) -> Mut<State> {
    Mut::new(State { handle, input: Vec::new(), at: 0, output: Vec::new() })
}

/// The file objects of the standard streams: stdin, stdout, stderr.
pub fn standard_files(vm: &Vm) -> [Value; 3] {
    let file = |handle, name: &str, mode: &str, readable| {
        make(
            vm,
            File {
                state: state(handle),
                name: vm.new_str(name),
                mode: mode.into(),
                binary: false,
                readable,
                writable: !readable,
            },
        )
    };
    [
        file(Handle::Stdin, "<stdin>", "r", true),
        file(Handle::Standard(Stream::Stdout), "<stdout>", "w", false),
        file(Handle::Standard(Stream::Stderr), "<stderr>", "w", false),
    ]
}

/// `open(file, mode='r', ...)`: text is UTF-8 with universal newlines.
pub fn open(vm: &mut Vm, a: Args<'_>) -> R {
    a.check_keywords(vm, "open", &["file", "mode", "buffering", "encoding", "errors", "newline", "closefd", "opener"])?;
    let Some(name) = a.get_or_keyword(0, "file") else {
        return Err(vm.type_error("open() missing required argument 'file' (pos 1)"));
    };
    let mode = match a.get_or_keyword(1, "mode") {
        None => "r".to_string(),
        Some(m) => match m.downcast::<Str>() {
            Some(m) => m.to_string(),
            None => {
                let got = vm.class_name(m);
                return Err(vm.type_error(format!("open() argument 'mode' must be str, not {got}")));
            }
        },
    };
    let has = |c| mode.contains(c);
    let kinds = ['r', 'w', 'a', 'x'].into_iter().filter(|&c| has(c)).count();
    let repeated = mode.char_indices().any(|(i, c)| mode[..i].contains(c));
    if repeated || mode.chars().any(|c| !"rwaxbt+".contains(c)) {
        return Err(vm.value_error(format!("invalid mode: '{mode}'")));
    }
    if has('b') && has('t') {
        return Err(vm.value_error("can't have text and binary mode at once"));
    }
    if kinds != 1 {
        return Err(vm.value_error("must have exactly one of create/read/write/append mode"));
    }
    let fspath = vm.intern("__fspath__");
    let is_path = name.downcast::<Str>().is_none() && name.downcast::<Bytes>().is_none();
    let path = match (name.downcast::<Str>(), name.downcast::<Bytes>()) {
        (Some(s), _) => s.to_string(),
        (_, Some(b)) => String::from_utf8_lossy(&b.data).into_owned(),
        _ => match super::functions::numbers::call_class_method(vm, name, &fspath, &[])? {
            Some(p) => vm.str(&p)?.to_string(),
            None => {
                let got = vm.class_name(name);
                return Err(vm.type_error(format!("expected str, bytes or os.PathLike object, not {got}")));
            }
        },
    };
    if path.contains('\0') {
        return Err(vm.value_error("embedded null byte"));
    }
    let update = has('+');
    vm.audit("open", |vm| {
        let kind = mode.chars().find(|c| "rwax".contains(*c)).unwrap_or('r');
        let shown = if update { format!("{kind}+") } else { kind.to_string() };
        let access = if update {
            libc::O_RDWR
        } else if kind == 'r' {
            libc::O_RDONLY
        } else {
            libc::O_WRONLY
        };
        let more = match kind {
            'w' => libc::O_CREAT | libc::O_TRUNC,
            'a' => libc::O_CREAT | libc::O_APPEND,
            'x' => libc::O_CREAT | libc::O_EXCL,
            _ => 0,
        };
        let flags = Value::int_unchecked((libc::O_CLOEXEC | access | more).into());
        let path = if is_path { vm.new_str(&path) } else { name.clone() };
        vec![path, vm.new_str(&shown), flags]
    })?;
    let mut options = std::fs::OpenOptions::new();
    options.read(has('r') || update).write((has('w') || update) && !has('a'));
    options.append(has('a')).truncate(has('w')).create(has('w') || has('a'));
    if has('x') {
        options.write(true).create_new(true);
    }
    let file = match options.open(&path) {
        Ok(f) => f,
        Err(e) => return Err(os_error(vm, &e, Some(name))),
    };
    if file.metadata().is_ok_and(|m| m.is_dir()) {
        let e = std::io::Error::from_raw_os_error(21);
        return Err(os_error(vm, &e, Some(name)));
    }
    Ok(make(
        vm,
        File {
            state: state(Handle::Disk(file)),
            name: name.clone(),
            binary: has('b'),
            readable: has('r') || update,
            writable: !has('r') || update,
            mode,
        },
    ))
}

fn file<'a>(vm: &mut Vm, a: Args<'a>) -> R<&'a File> {
    match a.pos.first().and_then(|v| v.opaque::<File>()) {
        Some(f) => Ok(f),
        None => Err(vm.type_error("descriptor requires a 'TextIOWrapper' object")),
    }
}

fn open_file<'a>(vm: &mut Vm, a: Args<'a>) -> R<&'a File> {
    let f = file(vm, a)?;
    if matches!(f.state.borrow().handle, Handle::Closed) {
        return Err(vm.value_error("I/O operation on closed file."));
    }
    Ok(f)
}

fn unsupported(vm: &mut Vm, what: &str) -> Exc {
    super::modules::io::unsupported(vm, what)
}

fn readable<'a>(vm: &mut Vm, a: Args<'a>) -> R<&'a File> {
    let f = open_file(vm, a)?;
    if f.readable { Ok(f) } else { Err(unsupported(vm, "not readable")) }
}

fn result(vm: &mut Vm, f: &File, data: Vec<u8>) -> R {
    if f.binary {
        return Ok(Bytes::new(&vm.heap, data).into());
    }
    if data.contains(&b'\r') {
        let mut out = Vec::with_capacity(data.len());
        let mut i = 0;
        while i < data.len() {
            if data[i] == b'\r' {
                out.push(b'\n');
                i += usize::from(data.get(i + 1) == Some(&b'\n'));
            } else {
                out.push(data[i]);
            }
            i += 1;
        }
        return text_of(vm, &out);
    }
    text_of(vm, &data)
}

/// Bytes of the first `n` characters of UTF-8 text; None where there are not so many.
fn chars_len(data: &[u8], n: usize) -> Option<usize> {
    let mut starts = data.iter().enumerate().filter(|(_, b)| **b & 0xc0 != 0x80).map(|(i, _)| i);
    starts.nth(n).or(None)
}

fn read(vm: &mut Vm, a: Args<'_>) -> R {
    let f = readable(vm, a)?;
    let limit = match a.get(1).filter(|n| !n.is_none()) {
        Some(n) => usize::try_from(vm.index_i64(n)?).ok(),
        None => None,
    };
    let taken = {
        let mut s = f.state.borrow_mut();
        loop {
            let enough = match limit {
                Some(n) if f.binary => (s.unread().len() >= n).then_some(n),
                Some(n) => chars_len(s.unread(), n),
                None => None,
            };
            if let Some(n) = enough {
                break Ok(n);
            }
            match s.fill(limit.unwrap_or(1 << 20)) {
                Ok(0) => break Ok(s.unread().len()),
                Ok(_) => {}
                Err(e) => break Err(e),
            }
        }
        .map(|n| {
            let data = s.unread()[..n].to_vec();
            s.at += n;
            data
        })
    };
    match taken {
        Ok(data) => result(vm, f, data),
        Err(e) => Err(os_error(vm, &e, None)),
    }
}

/// The next line with its end; empty at the end of the file.
fn take_line(f: &File, limit: Option<usize>) -> std::io::Result<Vec<u8>> {
    let mut s = f.state.borrow_mut();
    let mut seen = 0;
    let n = loop {
        let unread = s.unread();
        let end = unread[seen..].iter().position(|&b| b == b'\n' || (b == b'\r' && !f.binary)).map(|i| seen + i);
        if let Some(i) = end {
            if unread[i] == b'\n' {
                break i + 1;
            }
            if let Some(&after) = unread.get(i + 1) {
                break i + 1 + usize::from(after == b'\n');
            }
            seen = i;
        } else {
            seen = unread.len();
        }
        if limit.is_some_and(|l| unread.len() >= l.saturating_mul(4)) {
            break unread.len();
        }
        if s.fill(8192)? == 0 {
            break s.unread().len();
        }
    };
    let n = match limit {
        Some(l) if f.binary => n.min(l),
        Some(l) => chars_len(s.unread(), l).map_or(n, |m| m.min(n)),
        None => n,
    };
    let line = s.unread()[..n].to_vec();
    s.at += n;
    Ok(line)
}

fn readline(vm: &mut Vm, a: Args<'_>) -> R {
    let f = readable(vm, a)?;
    let limit = match a.get(1).filter(|n| !n.is_none()) {
        Some(n) => usize::try_from(vm.index_i64(n)?).ok(),
        None => None,
    };
    match take_line(f, limit) {
        Ok(line) => result(vm, f, line),
        Err(e) => Err(os_error(vm, &e, None)),
    }
}

fn next_line(vm: &mut Vm, a: Args<'_>) -> R<Option<Value>> {
    let f = readable(vm, a)?;
    match take_line(f, None) {
        Ok(line) if line.is_empty() => Ok(None),
        Ok(line) => result(vm, f, line).map(Some),
        Err(e) => Err(os_error(vm, &e, None)),
    }
}

fn next(vm: &mut Vm, a: Args<'_>) -> R {
    match next_line(vm, a)? {
        Some(line) => Ok(line),
        None => {
            let class = vm.types().StopIteration.clone();
            Err(vm.exception(&class, vec![]))
        }
    }
}

fn readlines(vm: &mut Vm, a: Args<'_>) -> R {
    let hint = match a.get(1).filter(|n| !n.is_none()) {
        Some(n) => vm.index_i64(n)?,
        None => -1,
    };
    let (mut lines, mut total) = (Vec::new(), 0);
    while let Some(line) = next_line(vm, Args::positional(&a.pos[..1]))? {
        total += vm.len(&line)? as i64;
        lines.push(line);
        if hint > 0 && total >= hint {
            break;
        }
    }
    Ok(List::new(&vm.heap, lines).into())
}

fn write(vm: &mut Vm, a: Args<'_>) -> R {
    let f = open_file(vm, a)?;
    if !f.writable {
        return Err(unsupported(vm, "not writable"));
    }
    let v = &a.pos[1];
    let (data, count) = if f.binary {
        match v.downcast::<Bytes>() {
            Some(b) => (b.data.to_vec(), b.data.len()),
            None => {
                let got = vm.class_name(v);
                return Err(vm.type_error(format!("a bytes-like object is required, not '{got}'")));
            }
        }
    } else {
        let Some(s) = v.downcast::<Str>() else {
            let got = vm.class_name(v);
            return Err(vm.type_error(format!("write() argument must be str, not {got}")));
        };
        let points: Vec<u32> = s.points().collect();
        if let Some(stream) = standard_stream(&a.pos[0]) {
            write_points(vm, stream, &points)?;
            return Ok(Value::from_len(points.len()));
        }
        match encode(&points) {
            Ok(s) => (s.into_bytes(), points.len()),
            Err(at) => return Err(encode_error(vm, &points, at)),
        }
    };
    let written = {
        let mut s = f.state.borrow_mut();
        let settled = if s.input.is_empty() { Ok(()) } else { s.settle() };
        s.output.extend_from_slice(&data);
        settled.and_then(|()| if s.output.len() >= BUFFER { s.flush() } else { Ok(()) })
    };
    match written {
        Ok(()) => Ok(Value::from_len(count)),
        Err(e) => Err(os_error(vm, &e, None)),
    }
}

fn writelines(vm: &mut Vm, a: Args<'_>) -> R {
    open_file(vm, a)?;
    let it = vm.iter(&a.pos[1])?;
    while let Some(line) = vm.next(&it)? {
        write(vm, Args::positional(&[a.pos[0].clone(), line]))?;
    }
    Ok(Value::NONE)
}

fn flush(vm: &mut Vm, a: Args<'_>) -> R {
    let f = open_file(vm, a)?;
    if let Some(stream) = standard_stream(&a.pos[0]) {
        flush_stream(vm, stream)?;
        return Ok(Value::NONE);
    }
    let flushed = f.state.borrow_mut().flush();
    match flushed {
        Ok(()) => Ok(Value::NONE),
        Err(e) => Err(os_error(vm, &e, None)),
    }
}

fn close(vm: &mut Vm, a: Args<'_>) -> R {
    let f = file(vm, a)?;
    if !matches!(f.state.borrow().handle, Handle::Closed) {
        flush(vm, Args::positional(&a.pos[..1]))?;
        f.state.borrow_mut().handle = Handle::Closed;
    }
    Ok(Value::NONE)
}

fn seek(vm: &mut Vm, a: Args<'_>) -> R {
    let f = open_file(vm, a)?;
    let to = vm.index_i64(&a.pos[1])?;
    let whence = match a.get(2) {
        Some(w) => vm.index_i64(w)?,
        None => 0,
    };
    if whence == 0 && to < 0 {
        return Err(vm.value_error(format!("negative seek position {to}")));
    }
    if whence != 0 && to != 0 && !f.binary {
        let from = if whence == 1 { "cur" } else { "end" };
        return Err(unsupported(vm, &format!("can't do nonzero {from}-relative seeks")));
    }
    let to = match whence {
        0 => SeekFrom::Start(to as u64),
        1 => SeekFrom::Current(to),
        2 => SeekFrom::End(to),
        _ => return Err(vm.value_error(format!("invalid whence ({whence}, should be 0, 1 or 2)"))),
    };
    let moved = {
        let mut s = f.state.borrow_mut();
        s.settle().and_then(|()| match &mut s.handle {
            Handle::Disk(d) => d.seek(to),
            _ => Err(std::io::Error::from_raw_os_error(29)),
        })
    };
    match moved {
        Ok(n) => Ok(Value::from_len(n as usize)),
        Err(e) => Err(os_error(vm, &e, None)),
    }
}

fn tell(vm: &mut Vm, a: Args<'_>) -> R {
    seek(vm, Args::positional(&[a.pos[0].clone(), Value::int_unchecked(0), Value::int_unchecked(1)]))
}

fn truncate(vm: &mut Vm, a: Args<'_>) -> R {
    let size = match a.get(1).filter(|n| !n.is_none()) {
        Some(n) => n.clone(),
        None => tell(vm, Args::positional(&a.pos[..1]))?,
    };
    let n = vm.index_i64(&size)?;
    let f = open_file(vm, a)?;
    let done = {
        let mut s = f.state.borrow_mut();
        s.flush().and_then(|()| match &s.handle {
            Handle::Disk(d) => d.set_len(n.max(0) as u64),
            _ => Err(std::io::Error::from_raw_os_error(22)),
        })
    };
    match done {
        Ok(()) => Ok(size),
        Err(e) => Err(os_error(vm, &e, None)),
    }
}

fn itself(vm: &mut Vm, a: Args<'_>) -> R {
    open_file(vm, a)?;
    Ok(a.pos[0].clone())
}

fn exit(vm: &mut Vm, a: Args<'_>) -> R {
    close(vm, Args::positional(&a.pos[..1]))
}

fn is_readable(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::bool(open_file(vm, a)?.readable))
}

fn is_writable(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::bool(open_file(vm, a)?.writable))
}

fn seekable(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::bool(matches!(open_file(vm, a)?.state.borrow().handle, Handle::Disk(_))))
}

fn isatty(vm: &mut Vm, a: Args<'_>) -> R {
    // Where the host's output goes is not known; only the process's own input can be a terminal.
    let stdin = matches!(open_file(vm, a)?.state.borrow().handle, Handle::Stdin);
    Ok(Value::bool(stdin && std::io::IsTerminal::is_terminal(&std::io::stdin())))
}

fn fileno(vm: &mut Vm, a: Args<'_>) -> R {
    use std::os::fd::AsRawFd;
    let n = match &open_file(vm, a)?.state.borrow().handle {
        Handle::Stdin => 0,
        Handle::Standard(Stream::Stdout) => 1,
        Handle::Standard(Stream::Stderr) => 2,
        Handle::Disk(f) => f.as_raw_fd() as i64,
        Handle::Closed => -1,
    };
    Ok(Value::int_unchecked(n))
}

fn name(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(file(vm, a)?.name.clone())
}

fn mode(vm: &mut Vm, a: Args<'_>) -> R {
    let mode = file(vm, a)?.mode.clone();
    Ok(vm.new_str(&mode))
}

fn closed(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::bool(matches!(file(vm, a)?.state.borrow().handle, Handle::Closed)))
}

fn encoding(vm: &mut Vm, a: Args<'_>) -> R {
    file(vm, a)?;
    Ok(vm.new_str("utf-8"))
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let f = file(vm, a)?;
    let name = vm.repr(&f.name)?;
    let text = if f.binary {
        format!("<_io.Buffered{} name={name}>", if f.writable { "Writer" } else { "Reader" })
    } else {
        format!("<_io.TextIOWrapper name={name} mode='{}' encoding='utf-8'>", f.mode)
    };
    Ok(vm.new_str(&text))
}

const METHODS: &[Def] = &[
    def("read", 1, 2, read),
    def("readline", 1, 2, readline),
    def("readlines", 1, 2, readlines),
    def("write", 2, 2, write),
    def("writelines", 2, 2, writelines),
    def("flush", 1, 1, flush),
    def("close", 1, 1, close),
    def("seek", 2, 3, seek),
    def("tell", 1, 1, tell),
    def("truncate", 1, 2, truncate),
    def("readable", 1, 1, is_readable),
    def("writable", 1, 1, is_writable),
    def("seekable", 1, 1, seekable),
    def("isatty", 1, 1, isatty),
    def("fileno", 1, 1, fileno),
    def("__iter__", 1, 1, itself),
    def("__next__", 1, 1, next),
    def("__enter__", 1, 1, itself),
    def_kw("__exit__", 1, 4, exit),
    def("__repr__", 1, 1, repr),
];

pub fn install(vm: &mut Vm) {
    let class = vm.types().text_io_wrapper.clone();
    vm.add_methods(&class, METHODS);
    vm.add_getset(&class, "name", name, None);
    vm.add_getset(&class, "mode", mode, None);
    vm.add_getset(&class, "closed", closed, None);
    vm.add_getset(&class, "encoding", encoding, None);
}
