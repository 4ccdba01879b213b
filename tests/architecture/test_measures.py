"""Every figure of metrics.json has its formula and its unit, in the file and on the page, and no other has."""

from __future__ import annotations

import re
from typing import Any, Iterator, Set

import numpy as np

from pc.engine.measures import FORMULAS, REASONS, TABLES
from tests.harness.books import measured
from tests.harness.documents import named, part, text_of

NOT_FIGURES = {"reasons"}
ADDED_BY_THE_RUN = {"benchmarks"}


def _names(value: Any, name: str = "") -> Iterator[str]:
    """Of every figure; a benchmark's by what it is, not whose."""
    if isinstance(value, dict) and value:
        within = value.values() if name == "relative" else [value]
        for each in within:
            for key, one in each.items():
                yield from _names(one, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        for one in value:
            yield from _names(one, name)
    else:
        yield name


def _everything() -> "dict[str, Any]":
    """A run that has all there is: a fall that is over, a trade, a benchmark."""
    steps = np.random.default_rng(1).normal(0.001, 0.01, 300)
    equity, other = (100 * np.cumprod(1 + one) for one in (steps, steps[::-1]))
    trade = [(1, 0, 1.0, 10.0, 0.0), (2, 0, -1.0, 11.0, 0.0)]
    return measured(equity.tolist(), fills=trade, benchmarks={"K": other.tolist()})


def test_every_figure_has_a_formula_and_a_unit_and_no_other_has() -> None:
    found: Set[str] = set(_names({name: one for name, one in _everything().items() if name not in NOT_FIGURES}))
    assert found == set(FORMULAS) - ADDED_BY_THE_RUN
    assert all(one["formula"] and one["unit"] for one in FORMULAS.values())


def test_the_page_shows_the_very_same_table() -> None:
    shown = {name: {"formula": row[1], "unit": row[2]} for name, row in named(part("measures.md", "Figures")).items()}
    assert shown == FORMULAS


def test_the_page_names_every_reason_and_no_other() -> None:
    assert re.findall(r"^- `(.+)`$", part("measures.md", "What has no value"), re.MULTILINE) == list(REASONS)


def test_the_page_says_what_the_manifest_leaves_out() -> None:
    assert all(isinstance(_everything()[name], list) for name in TABLES)
    assert "(" + ", ".join(f"`{name}`" for name in TABLES) + ")" in text_of("measures.md")
