//! Where the program's standard streams go.

use std::io::{self, IsTerminal, Write};

/// The standard streams that a program writes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stream {
    Stdout,
    Stderr,
}

/// Takes what the program writes; the host gives one.  Called on the interpreter's thread.
pub trait Output {
    /// Writes all bytes (UTF-8 text, unless the program wrote something else).
    fn write(&mut self, stream: Stream, bytes: &[u8]) -> io::Result<()>;
    /// Passes on what is buffered.
    fn flush(&mut self, stream: Stream) -> io::Result<()>;
}

/// The streams of the process, at once.
#[derive(Default)]
pub struct ProcessOutput;

impl Output for ProcessOutput {
    fn write(&mut self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        match stream {
            Stream::Stdout => io::stdout().lock().write_all(bytes),
            Stream::Stderr => io::stderr().lock().write_all(bytes),
        }
    }

    fn flush(&mut self, stream: Stream) -> io::Result<()> {
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
    buffer: Vec<u8>,
    by_lines: bool,
}

impl Default for BufferedOutput {
    fn default() -> BufferedOutput {
        BufferedOutput { buffer: Vec::new(), by_lines: io::stdout().is_terminal() }
    }
}

impl BufferedOutput {
    fn pass_on(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let mut to = io::stdout().lock();
        let result = to.write_all(&self.buffer).and_then(|()| to.flush());
        // What could not be written is lost: trying again at every write would fail at every write.
        self.buffer.clear();
        result
    }
}

impl Output for BufferedOutput {
    fn write(&mut self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        if stream == Stream::Stderr {
            return io::stderr().lock().write_all(bytes);
        }
        self.buffer.extend_from_slice(bytes);
        let due = self.buffer.len() >= BUFFER || (self.by_lines && bytes.contains(&b'\n'));
        if due { self.pass_on() } else { Ok(()) }
    }

    fn flush(&mut self, stream: Stream) -> io::Result<()> {
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
    pub buffers: std::rc::Rc<std::cell::RefCell<[Vec<u8>; 2]>>,
}

impl Output for Capture {
    fn write(&mut self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        self.buffers.borrow_mut()[stream as usize].extend_from_slice(bytes);
        Ok(())
    }

    fn flush(&mut self, _: Stream) -> io::Result<()> {
        Ok(())
    }
}
