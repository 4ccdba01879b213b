"""What is in force in this process: the version of ours and its commit, this Python and the libraries that took part.

It exists so that a manifest, a report and the key of a result name what made the numbers in the same words.
"""

from __future__ import annotations

import functools
import sys
from importlib import metadata

from shared.config import HOME
from shared.version import version

_TOLD_IN_ENVIRONMENT = ("numpy", "matplotlib", "pydantic")


@functools.cache
def code_in_force() -> dict[str, str | None]:
    """The version, and the commit where this is a checkout."""
    return {"version": version(), "commit": _commit()}


def environment() -> dict[str, str]:
    """This Python, and those libraries that took part: the numbers may depend on them."""
    return versions(*[name for name in _TOLD_IN_ENVIRONMENT if name in sys.modules])


@functools.cache
def versions(*libraries: str) -> dict[str, str]:
    """Of this Python and of these libraries; of one that is not installed the word none."""
    python = {"python": sys.version.split()[0], "platform": sys.platform}
    return {**python, **{name: _version(name) for name in libraries}}


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "none"


def _commit() -> str | None:
    """What HEAD names, read from git's own files: no process for a manifest."""
    try:
        head = (HOME / ".git" / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref: "):
            return head
        return (HOME / ".git" / head[5:]).read_text(encoding="utf-8").strip()
    except OSError:
        return None
