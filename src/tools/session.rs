//! A tool id taken into use for as long as a tool runs.

use std::sync::Arc;

use crate::monitor::{Callback, Event, EventSet, Monitor, MonitorError};

/// Holds a tool id of a monitor; dropping it removes callbacks, events and disabled locations and frees the id.
pub struct Session {
    monitor: Arc<Monitor>,
    id: i32,
}

impl Session {
    /// Takes `id` into use under `name`.
    ///
    /// # Errors
    /// As [`Monitor::use_tool_id`].
    pub fn open(monitor: &Arc<Monitor>, id: i32, name: &str) -> Result<Session, MonitorError> {
        monitor.use_tool_id(id, name)?;
        Ok(Session { monitor: Arc::clone(monitor), id })
    }

    /// Registers a callback for one event.
    pub fn listen(&self, event: Event, callback: Callback) -> Result<(), MonitorError> {
        self.monitor.register_callback(self.id, i64::from(event.set().0), Some(callback)).map(drop)
    }

    /// Sets the global events.  C_RETURN or C_RAISE bring CALL and each other, because they cannot be set alone; without
    /// a callback that costs nothing.
    pub fn set_events(&self, events: EventSet) -> Result<(), MonitorError> {
        let group = EventSet::CALL | EventSet::ANCILLARY;
        let events = if events.intersects(EventSet::ANCILLARY) { events | group } else { events };
        self.monitor.set_events(self.id, i64::from(events.0))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // The id is one that `use_tool_id` accepted, so this cannot fail.
        let _ = self.monitor.free_tool_id(self.id);
    }
}
