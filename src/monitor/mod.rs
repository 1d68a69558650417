//! The instrumentation core: tools, events, code registrations, arming, firing.  No Python in it.
//!
//! A [`Monitor`] is one isolated domain.  A host registers its code objects ([`Monitor::register_code`]), makes a
//! [`ThreadState`] for each thread, compares [`Monitor::version`] with [`Code::version`] when it enters code and calls
//! [`Monitor::renew`] when they differ; then it looks at the armed byte of a location (or has its bytecode patched)
//! and calls [`Monitor::fire`] where the byte is not zero.

mod arm;
mod barrier;
mod callback;
mod code;
mod error;
mod events;
mod fire;
mod hooks;
mod host_tool;
mod location;
mod ready;
mod record;
mod register;
mod thread;
mod tool;
mod user;

#[cfg(test)]
mod tests;

pub use barrier::Barrier;
pub use callback::{Callback, CallbackFn};
pub use code::{Arming, Attachment, Code, CodeSpec, PatchFn, armed};
pub use error::{ErrorKind, FireError, MonitorError};
pub use events::{Event, EventSet, Group, PayloadKind};
pub use fire::{Armed, Call, Fired, Firing};
pub use hooks::{AUDIT_REGISTER_CALLBACK, AuditHook, ChangedHook, CodeNamer};
pub use host_tool::HostTool;
pub use location::{Location, NO_LINE, NO_LOCATION, NO_OFFSET};
pub use record::{Action, DISABLE, EventRecord, MISSING, Payload, Sentinel};
pub use thread::ThreadState;
pub use tool::{COVERAGE_ID, DEBUGGER_ID, Monitor, OPTIMIZER_ID, PROFILER_ID, TOOL_COUNT, ToolSet};
pub use user::{DropFn, UserPointer};
