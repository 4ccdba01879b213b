"""`list` and `config`: what there is, and what is in force.

It exists so that nobody has to open a file of ours to find a name.
"""

from __future__ import annotations

import argparse

from shared.catalog import Catalog
from shared.config import load, load_with_origins
from shared.one_line import json_line


def list_parts(options: argparse.Namespace) -> int:
    """The names of a catalog; nothing of it is imported."""
    names = Catalog("shared.strategies", load().strategies_path).names()
    if options.json:
        print(json_line({name: str(path) for name, path in sorted(names.items())}))
    else:
        print("\n".join(f"{name}  {path}" for name, path in sorted(names.items())))
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
