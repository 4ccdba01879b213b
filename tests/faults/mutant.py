"""What a mutant is: one rule of the code, broken by one text edit.

It exists so that each list of mutants is a file of its own.
"""

from __future__ import annotations

from typing import NamedTuple


class Mutant(NamedTuple):
    """In `file`, `old` becomes `new`; then `test` (of RULES, where it names no file) must fail."""

    rule: str
    file: str
    old: str
    new: str
    test: str
