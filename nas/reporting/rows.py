"""Closes as rows of a report's document.

It exists so that programs read a symbol the same way in every report.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Sequence

from nas.closes import Close


def row_of(row: Close) -> Dict[str, Any]:
    """`change` is a rate, not a percentage; null is not known."""
    change = None if row.change is None else round(row.change, 6)
    told = {"code": row.code, "name": row.name, "close": row.close, "previous_close": row.before}
    return {**told, "change": change, "flags": row.flag}


def rows_of(rows: Sequence[Close]) -> List[Dict[str, Any]]:
    """Each of them."""
    return [row_of(row) for row in rows]


def rows_by_kind(odd: Mapping[str, Sequence[Close]]) -> Dict[str, List[Dict[str, Any]]]:
    """Who is no ordinary close, by what is odd."""
    return {kind: rows_of(those) for kind, those in odd.items()}
