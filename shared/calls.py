"""The operating system's calls that the queue makes, one method each.

It exists as the seam: tests put their own in its place and kill, fail or record every single one.
"""

from __future__ import annotations

import os


class Calls:
    """Handed to `Disk`, which is what the queue says."""

    open = staticmethod(os.open)
    write = staticmethod(os.write)
    read = staticmethod(os.read)
    fstat = staticmethod(os.fstat)
    truncate = staticmethod(os.ftruncate)
    fsync = staticmethod(os.fsync)
    close = staticmethod(os.close)
    rename = staticmethod(os.rename)
    replace = staticmethod(os.replace)
    unlink = staticmethod(os.unlink)
    mkdir = staticmethod(os.mkdir)
    rmdir = staticmethod(os.rmdir)
    listdir = staticmethod(os.listdir)
    lstat = staticmethod(os.lstat)
