//! The instrumentation core: tools, events, code registrations, arming, firing.  No Python in it.
