"""`list` and `config`: what there is, and what is in force.

It exists so that nobody has to open a file of ours to find a name, or what goes by it.
"""

from __future__ import annotations

import argparse
import ast
from pathlib import Path
from typing import Dict

from shared.catalog import Catalog
from shared.config import HOME, load, load_with_origins
from shared.one_line import clean_lines, json_line

_UNIVERSES = HOME / "configs" / "universes"
_OURS = (HOME / "shared" / "strategies", _UNIVERSES)


def list_parts(options: argparse.Namespace) -> int:
    """What can be asked for and what each says of itself; nothing of it is imported."""
    if options.what == "jobs":
        from nas.list_jobs import list_jobs

        return list_jobs(load(), options.json)
    files = _universes() if options.what == "universes" else Catalog("shared.strategies", load().strategies_path).names()
    if options.json:
        print(json_line({name: str(path) for name, path in sorted(files.items())}))
        return 0
    width = max(map(len, files), default=0)
    for name, path in sorted(files.items()):
        place = "" if path.parent in _OURS else f"  ({path.parent})"
        print(clean_lines(f"{name:<{width}}  {_first_words(path)}{place}"))
    return 0


def config(options: argparse.Namespace) -> int:
    """Every setting, its value and its origin."""
    settings = load_with_origins()[1]
    if options.json:
        print(json_line({one.name: {"value": one.value, "origin": one.origin} for one in settings}))
        return 0
    width = max(len(one.name) for one in settings)
    print("\n".join(f"{one.name:<{width}}  {'-' if one.value is None else one.value}  ({one.origin})" for one in settings))
    return 0


def _universes() -> Dict[str, Path]:
    return {file.stem: file for file in _UNIVERSES.glob("*.yaml")}


def _first_words(path: Path) -> str:
    """The first line in which the file says what it is; nothing where it says nothing, or cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        first = text.partition("\n")[0]
        return first[1:].strip() if first.startswith("#") else _docstring(text) if path.suffix == ".py" else ""
    except (OSError, ValueError, SyntaxError):
        return ""


def _docstring(text: str) -> str:
    return (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]
