//! Ready-made tools: clients of the monitor, the same that a C host can start.  Nothing here knows whose code it watches;
//! what a tool must know of a host's values it asks through [`Describe`].

pub mod coverage;
mod describe;
mod session;
pub mod trace;

pub use describe::Describe;
pub use session::Session;
