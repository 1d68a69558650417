"""A package beside the conformance programs."""
