//! What the integration tests share.

#![allow(dead_code, reason = "each test binary uses a part")]

pub mod difference;
pub mod generate;
pub mod mutate;
pub mod oracle;
pub mod program;
pub mod seeds;
pub mod trace;
pub mod wording;
