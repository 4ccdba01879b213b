"""Which rows of a column an indicator sees: the known ones, as if there were no others.

It exists so that a late listing, a hole or a halted day means the same to every indicator, and none treats it itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from shared.market.prices import Flags, Floats

Asked = ParamSpec("Asked")
Found = TypeVar("Found")


def over_known(compute: Callable[Asked, Found]) -> Callable[Asked, Found]:
    """`compute` on the known rows of each column, its values put back where they belong; NaN where nothing was known.

    Its first argument is one panel (T×N) or a named tuple of some; a row is known to a column where all of them are
    finite. What it returns is one panel of that shape, or a named tuple of some.
    """

    @wraps(compute)
    def shown(given: Any, *options: Any, **named: Any) -> Any:
        panels, again = _panels(given)
        known = cast("Flags", np.logical_and.reduce([np.isfinite(one) for one in panels]))
        if known.all():
            return compute(again(*panels), *options, **named)
        places = known.cumsum(axis=0) - 1
        found = compute(again(*(_packed(one, known, places) for one in panels)), *options, **named)
        if isinstance(found, tuple):
            return type(found)(*(_spread(one, known, places) for one in found))
        return _spread(cast("Floats", found), known, places)

    return cast("Callable[Asked, Found]", shown)


def _panels(given: Any) -> tuple[list[Floats], Callable[..., Any]]:
    """The panels given, alike in kind and shape, and what makes of them again what was given."""
    several = isinstance(given, tuple)
    panels = [np.ascontiguousarray(one, dtype=np.float64) for one in (given if several else (given,))]
    if any(one.ndim != 2 or one.shape != panels[0].shape for one in panels):
        raise ValueError(f"panels of shape {[one.shape for one in panels]}, not all of the same rows × columns")
    return panels, type(given) if several else lambda panel: panel


def _packed(panel: Floats, known: Flags, places: NDArray[np.intp]) -> Floats:
    """Every column's known values moved up to its first rows, in their order; NaN below them."""
    packed = np.full(panel.shape, np.nan)
    columns = np.nonzero(known)[1]
    packed[places[known], columns] = panel[known]
    return packed


def _spread(packed: Floats, known: Flags, places: NDArray[np.intp]) -> Floats:
    """The way back."""
    return cast("Floats", np.where(known, np.take_along_axis(packed, np.maximum(places, 0), axis=0), np.nan))


def ratio(part: Floats, whole: Floats, otherwise: float) -> Floats:
    """part / whole, and `otherwise` where the whole is nothing; NaN stays NaN."""
    found = np.where(np.isnan(part) | np.isnan(whole), np.nan, otherwise)
    return cast("Floats", np.divide(part, whole, out=found, where=whole != 0))


def blank(like: Floats) -> Floats:
    """A panel of that shape in which nothing is known yet."""
    return np.full(like.shape, np.nan)
