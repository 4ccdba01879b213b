"""The rules of indicators and of the strategies made of them, each broken by one text edit.

It exists beside the other lists: these break numbers, not the queue.
"""

from __future__ import annotations

from typing import Tuple

from tests.faults.mutant import Mutant

DEFINED, PROPERTIES = "tests/shared/test_indicators_defined.py", "tests/shared/test_indicators_properties.py"

SIGNAL_MUTANTS: Tuple[Mutant, ...] = (
    Mutant(
        "a halted bar is no news",
        "shared/market/indicators/bars.py",
        "np.where(prices.tradable, one, np.nan)",
        "np.where(one > 0, one, np.nan)",
        f"{DEFINED}::test_a_bar_counts_where_it_could_fill_an_order",
    ),
    Mutant(
        "nothing is told where nothing is known",
        "shared/market/indicators/known.py",
        'return cast("Floats", np.where(known, ',
        'return cast("Floats", np.where(places >= 0, ',
        f"{DEFINED}::test_rows_not_known_are_as_if_they_were_not_there",
    ),
    Mutant(
        "only distances within a window are averaged",
        "shared/market/indicators/windows.py",
        "apart = newer.total / newer.rows + (newer.origin - origin) - early",
        "apart = (newer.total / newer.rows + newer.origin) - (origin + early)",
        f"{PROPERTIES}::test_a_small_swing_on_a_large_price_keeps_its_digits",
    ),
)
