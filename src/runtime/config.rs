//! How an interpreter is set up.

use std::ffi::OsString;
use std::path::PathBuf;
use std::rc::Rc;

use crate::vm::output::{BufferedOutput, Output};

/// Python frames that may be active at once, unless the host says otherwise.
pub const DEFAULT_RECURSION_LIMIT: usize = 1000;

/// What a host decides when it makes an interpreter.
pub struct Config {
    /// `sys.argv`.  [`run_file`](super::Session::run_file) replaces it.
    pub argv: Vec<OsString>,
    /// `sys.path`: the folders that are searched for modules.  `run_file` puts the script's folder in front.
    pub path: Vec<PathBuf>,
    /// `sys.getrecursionlimit()`.
    pub recursion_limit: usize,
    /// Bytes that the program's objects may take together; None: as many as the machine has.
    pub memory_ceiling: Option<usize>,
    /// Instructions that the program may run; None: no limit.  Beyond it a RuntimeError is raised.
    pub instruction_budget: Option<u64>,
    /// Whether instructions specialise themselves by inline caches, as they do the first time they run; off, programs do the
    /// same more slowly, which is there to be tested.
    pub specialization: bool,
    /// Where `sys.stdout` and `sys.stderr` go.
    pub output: Rc<dyn Output>,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            argv: vec![OsString::new()],
            path: Vec::new(),
            recursion_limit: DEFAULT_RECURSION_LIMIT,
            memory_ceiling: None,
            instruction_budget: None,
            specialization: true,
            output: Rc::new(BufferedOutput::default()),
        }
    }
}
