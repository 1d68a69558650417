//! Where the program's standard streams go.

use std::io;

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

/// The streams of the process.
#[derive(Default)]
pub struct ProcessOutput;

impl Output for ProcessOutput {
    fn write(&mut self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        use io::Write;
        match stream {
            Stream::Stdout => io::stdout().lock().write_all(bytes),
            Stream::Stderr => io::stderr().lock().write_all(bytes),
        }
    }

    fn flush(&mut self, stream: Stream) -> io::Result<()> {
        use io::Write;
        match stream {
            Stream::Stdout => io::stdout().lock().flush(),
            Stream::Stderr => io::stderr().lock().flush(),
        }
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
