"""What rsync and git have alike: the ssh between the machines, how it is kept from waiting, what it refuses by, and a full disk.

It exists so that one wrong key, or one full disk, is told as the same by both.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import List

_SSH = ("ssh", "ssh.exe")
# Nobody is there to answer a question, nor to wait for ever.
_QUIET = ("-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-o", "ServerAliveInterval=15")
_REFUSES = re.compile(
    r"permission denied|host key verification|identification has changed|no such identity|bad owner|unprotected",
    re.IGNORECASE,
)
_FULL = re.compile(r"no space left|disk quota|read-only file system", re.IGNORECASE)


def quiet(shell: str) -> List[str]:
    """The words that keep that shell from asking and from waiting; none where it is not ssh, which alone knows them."""
    words = shlex.split(shell)
    return list(_QUIET) if words and Path(words[0]).name in _SSH else []


def refuses(said: str) -> bool:
    """Whether ssh let us not in, or does not trust what it finds: no retry mends it."""
    return bool(_REFUSES.search(said))


def is_full(said: str) -> bool:
    """Whether there is no room, here or over there."""
    return bool(_FULL.search(said))
