//! From source text to code.
