//! Where the program's standard streams go.

use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};

use super::Vm;

/// The standard streams that a program writes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stream {
    Stdout,
    Stderr,
}

/// Takes what the program writes; the host gives one.  Called on the interpreter's thread, to which the VM is lent
/// meanwhile, so that it may be called again while it runs.
pub trait Output {
    /// Writes all bytes (UTF-8 text, unless the program wrote something else).
    fn write(&self, stream: Stream, bytes: &[u8]) -> io::Result<()>;
    /// Passes on what is buffered.
    fn flush(&self, stream: Stream) -> io::Result<()>;
}

/// The streams of the process, at once.
#[derive(Default)]
pub struct ProcessOutput;

impl Output for ProcessOutput {
    fn write(&self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        match stream {
            Stream::Stdout => io::stdout().lock().write_all(bytes),
            Stream::Stderr => io::stderr().lock().write_all(bytes),
        }
    }

    fn flush(&self, stream: Stream) -> io::Result<()> {
        match stream {
            Stream::Stdout => io::stdout().lock().flush(),
            Stream::Stderr => io::stderr().lock().flush(),
        }
    }
}

/// Bytes of standard output that are kept back, unless it is a terminal.
const BUFFER: usize = 8192;

/// The streams of the process, with standard output buffered, by lines where it is a terminal.
pub struct BufferedOutput {
    buffer: RefCell<Vec<u8>>,
    by_lines: bool,
}

impl Default for BufferedOutput {
    fn default() -> BufferedOutput {
        BufferedOutput { buffer: RefCell::default(), by_lines: io::stdout().is_terminal() }
    }
}

impl BufferedOutput {
    fn pass_on(&self) -> io::Result<()> {
        let mut buffer = self.buffer.borrow_mut();
        if buffer.is_empty() {
            return Ok(());
        }
        let mut to = io::stdout().lock();
        let result = to.write_all(&buffer).and_then(|()| to.flush());
        // What could not be written is lost: trying again at every write would fail at every write.
        buffer.clear();
        result
    }
}

impl Output for BufferedOutput {
    fn write(&self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        if stream == Stream::Stderr {
            return io::stderr().lock().write_all(bytes);
        }
        let length = {
            let mut buffer = self.buffer.borrow_mut();
            buffer.extend_from_slice(bytes);
            buffer.len()
        };
        let due = length >= BUFFER || (self.by_lines && bytes.contains(&b'\n'));
        if due { self.pass_on() } else { Ok(()) }
    }

    fn flush(&self, stream: Stream) -> io::Result<()> {
        match stream {
            Stream::Stdout => self.pass_on(),
            Stream::Stderr => io::stderr().lock().flush(),
        }
    }
}

impl Drop for BufferedOutput {
    fn drop(&mut self) {
        // There is nobody left to tell of an error.
        let _ = self.pass_on();
    }
}

/// Keeps what is written; for tests and hosts that read it afterwards.
#[derive(Default, Clone)]
pub struct Capture {
    /// Bytes of both streams, shared with the clones.
    pub buffers: std::rc::Rc<RefCell<[Vec<u8>; 2]>>,
}

impl Output for Capture {
    fn write(&self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        self.buffers.borrow_mut()[stream as usize].extend_from_slice(bytes);
        Ok(())
    }

    fn flush(&self, _: Stream) -> io::Result<()> {
        Ok(())
    }
}

impl Vm {
    /// Writes to a standard stream, with this VM lent to whom the host has put behind it.
    pub fn write_stream(&mut self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        let output = self.output.clone();
        self.lend(|| output.write(stream, bytes))
    }

    /// Flushes a standard stream; as [`write_stream`](Vm::write_stream).
    pub fn flush_stream(&mut self, stream: Stream) -> io::Result<()> {
        let output = self.output.clone();
        self.lend(|| output.flush(stream))
    }
}
