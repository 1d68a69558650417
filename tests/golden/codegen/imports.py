from __future__ import annotations
import a
import a.b.c
import a.b.c as d, e
from f import g, h as i
from . import j
from .k.l import (
    m,
    n,
)
from o import *
a.p()
