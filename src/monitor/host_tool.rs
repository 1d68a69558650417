//! The host's own tools, beside the six that everybody shares.

use super::callback::Callback;
use super::events::EventSet;
use super::tool::Monitor;

/// A tool that belongs to the host: for what it offers on top of events, such as CPython's `sys.setprofile` and
/// `sys.settrace`, whose ids these are.  Called before the six, Trace first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostTool {
    Profile = 6,
    Trace = 7,
}

impl Monitor {
    /// Lets `callback` be called for `events`, instead of what the tool had before; None lets it rest.  No hook is
    /// asked.  The host tools take part in everything else: DISABLE, restart, local events.
    pub fn set_host_tool(&self, tool: HostTool, events: EventSet, callback: Option<Callback>) {
        let index = tool as usize;
        self.change(|state, effects| {
            self.clear(state, index, effects);
            self.note_use(index, callback.is_some());
            if callback.is_none() {
                return;
            }
            for event in events.iter() {
                self.register(state, effects, index, event, callback.clone());
            }
            state.tools[index].events = (events & !EventSet::ANCILLARY).expand_branch();
        });
    }
}
