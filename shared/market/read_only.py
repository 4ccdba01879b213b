"""Arrays that are only read, whatever a strategy does with them.

It exists because `setflags(write=True)`, which everybody is told to try, opened the very prices that orders are filled at.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """The same numbers, shut for good: who owns its numbers can be opened again, a view of what is shut cannot."""
    owner: Any = array
    while isinstance(owner, np.ndarray):
        owner.flags.writeable = False
        owner = owner.base
    return array.view()
