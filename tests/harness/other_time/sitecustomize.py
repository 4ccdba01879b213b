"""Whose clock is wrong, and by how many seconds, as one who starts a program says: on the path of programs of a test alone.

It exists so that a whole day passes in a test as it passes in a flat: every program reads the hour there, not only those that are
told it by an option.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta

sys.path.insert(0, os.getcwd())
try:
    from shared import clock
except ImportError:  # no program of ours
    pass
else:
    _right, _off = clock.now, timedelta(seconds=float(os.environ["TEST_CLOCK_IS_OFF"]))
    clock.now = lambda: _right() + _off
finally:
    sys.path.pop(0)
