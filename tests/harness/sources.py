"""The repository's own source text, read and parsed: what the tests about its shape look at.

It exists so that each of them speaks of modules, imports and names instead of files and syntax trees.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path
from typing import Iterator, List, NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("shared", "inbox", "outbox", "pc", "nas")


class Import(NamedTuple):
    """One imported module, as a dotted name; `names` are what `from` takes out of it."""

    module: str
    names: List[str]
    line: int
    at_top: bool
    for_types: bool


def files_of(*folders: str) -> List[Path]:
    """Every Python file below these folders of the repository."""
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py") if "__pycache__" not in file.parts)


def tree_of(file: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def module_of(file: Path) -> str:
    """`inbox/claim.py` is `inbox.claim`, a door is its package."""
    parts = list(file.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def place_of(file: Path, line: int = 0) -> str:
    """What a failing test shows."""
    return f"{file.relative_to(ROOT)}:{line}" if line else str(file.relative_to(ROOT))


@lru_cache(maxsize=None)
def imports_of(file: Path) -> List[Import]:
    """Everything the file imports, anywhere in it."""
    return list(_imports(tree_of(file), at_top=True, for_types=False))


def _imports(node: ast.AST, at_top: bool, for_types: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for name in child.names:
                yield Import(name.name, [], child.lineno, at_top, for_types)
        elif isinstance(child, ast.ImportFrom):
            yield Import(child.module or "", [name.name for name in child.names], child.lineno, at_top, for_types)
        else:
            inside = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef))
            types = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test)
            yield from _imports(child, at_top and not inside, for_types or types)
