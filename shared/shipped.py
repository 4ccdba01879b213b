"""The files of configs/ that code reads wherever it runs: in a checkout there, in a package beside whoever reads them.

It exists so that one place knows where such a file lies. pyproject.toml puts it there when a wheel is built.
"""

from __future__ import annotations

from pathlib import Path

_CONFIGS = Path(__file__).parents[1] / "configs"


def shipped(name: str, reader: str) -> Path:
    """The file of that name; `reader` is the file of the module that reads it."""
    here = _CONFIGS / name
    return here if here.is_file() else Path(reader).with_name(name)
