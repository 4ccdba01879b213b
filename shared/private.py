"""One secret from one file only this user may read; what was read is shown to nobody from then on.

It exists so that every secret lies under the same rule, whoever needs it: a token of Slack's or a password of rsync's.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from shared.errors import SettingInvalid
from shared.masking import hide

_LONGEST = 4096


def secret_in(file: Path) -> str:
    """Its one line, where only this user may read it; empty where there is no such file."""
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        if os.name != "nt" and mode & 0o077:
            found = f"others may read or write it (mode {mode:04o})"
            raise SettingInvalid(f"reading {file}", found, f"chmod 600 {file}")
        with open(file, encoding="utf-8-sig") as lines:
            value = lines.read(_LONGEST).strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, ValueError) as error:
        raise SettingInvalid(f"reading {file}", type(error).__name__, "make it a text file this user may read") from error
    hide(file.name, value)
    return value
