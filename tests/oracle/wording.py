"""How CPython 3.13's messages are brought together with the wording of 3.14.

The language is 3.14, the recordings are made by 3.13.  Where the new wording
follows from the old one, the old text is replaced in the recording; where the
new wording says more than the old one, what it says more is taken away from
ours.  `tests/support/wording.rs` has the same two tables.
"""

import re

# 3.13's text in a recording -> 3.14's text.
REPLACED_IN_RECORDING = (
    ("integer division or modulo by zero", "division by zero"),
    ("integer modulo by zero", "division by zero"),
    ("float floor division by zero", "division by zero"),
    ("float division by zero", "division by zero"),
    ("float modulo by zero", "division by zero"),
    ("float divmod()", "division by zero"),
    ("0.0 cannot be raised to a negative power", "zero to a negative power"),
    ("0.0 to a negative or complex power", "zero to a negative or complex power"),
    (" (missed __exit__ method)", ""),
    (" (missed __aexit__ method)", ""),
    ("complex() can't take second arg if first is a string", "complex() argument 'real' must be a real number, not str"),
)

# 3.14's text in ours -> what 3.13 can say of it.
REDUCED_IN_OURS = (
    (re.compile(r"(too many values to unpack \(expected \d+), got \d+\)"), r"\1)"),
    (re.compile(r"cannot use '[^']*' as a (?:dict key|set element) \((unhashable type: '[^']*')\)"), r"\1"),
    (re.compile(r'(: SyntaxWarning: )"([^"]*)" is an invalid ((?:octal )?)escape sequence\. Such .* an option\.'),
     r"\1invalid \3escape sequence '\2'"),
    (re.compile(r"is not a container or iterable"), "is not iterable"),
    (re.compile(r" \(missed __a?(?:enter|exit)__ method\)"), ""),
)


def of_recording(text):
    """Text of a 3.13 recording, in the wording to compare by."""
    for old, new in REPLACED_IN_RECORDING:
        text = text.replace(old, new)
    return re.sub(r"object ([\w.]+) can't be used in 'await' expression", r"'\1' object can't be awaited", text)


def of_ours(text):
    """Text of ours, in the wording to compare by."""
    for pattern, replacement in REDUCED_IN_OURS:
        text = pattern.sub(replacement, text)
    return text
