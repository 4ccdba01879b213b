"""The rules of indicators and of the strategies made of them, each broken by one text edit.

It exists beside the other lists: these break numbers, not the queue.
"""

from __future__ import annotations

from typing import Tuple

from tests.faults.mutant import Mutant

DEFINED, RSI = "tests/shared/test_indicators_defined.py", "tests/pc/test_rule_rsi.py"

SIGNAL_MUTANTS: Tuple[Mutant, ...] = (
    Mutant(
        "a halted bar is no news",
        "shared/market/indicators/bars.py",
        "np.where(prices.tradable, one, np.nan)",
        "np.where(one > 0, one, np.nan)",
        f"{DEFINED}::test_a_bar_counts_where_it_could_fill_an_order",
    ),
    Mutant(
        "the last signal stands until the next",
        "shared/market/indicators/signals.py",
        "return bought > sold",
        "return buy & ~sell",
        f"{RSI}::test_in_below_oversold_out_above_overbought_and_as_before_between",
    ),
    Mutant(
        "members share the capital of their day",
        "shared/strategies/_sleeves.py",
        "prices.members.sum(axis=1)",
        "len(prices.symbols)",
        f"{RSI}::test_who_is_no_member_on_a_day_is_out_and_the_others_share",
    ),
)
