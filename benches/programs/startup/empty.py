"""Nothing: what starting and stopping costs."""
