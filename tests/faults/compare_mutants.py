"""The rules by which two answers are judged, each broken by one text edit.

It exists beside mutants.py, whose mutants are those of the queue.
"""

from __future__ import annotations

from typing import Tuple

from tests.faults.mutant import Mutant

PREVIOUS = "tests/pc/test_previous.py"
COMPARE, PRICES, COMMAND = "tests/outbox/test_compare.py", "tests/outbox/test_price_changes.py", "tests/nas/test_compare.py"

COMPARE_MUTANTS: Tuple[Mutant, ...] = (
    Mutant(
        "of figures that disagree the worse one decides",
        "outbox/compare.py",
        "REGRESSION if worse else IMPROVED",
        "IMPROVED if better else REGRESSION",
        f"{COMPARE}::test_any_figure_that_is_worse_decides",
    ),
    Mutant(
        "revised prices are no worse code",
        "outbox/compare.py",
        "(found.changed.parameters or found.changed.code) and (worse or better)",
        "worse or better",
        f"{COMPARE}::test_revised_prices_make_drift_and_are_named_by_symbol_and_month",
    ),
    Mutant(
        "a month that only grew is not revised",
        "outbox/price_changes.py",
        "if month != grown",
        "if month",
        f"{PRICES}::test_the_month_in_which_the_shorter_one_ends_may_only_have_grown",
    ),
    Mutant(
        "answers are ordered by when they were asked for",
        "nas/submitted.py",
        'get("submitted")',
        'get("finished")',
        f"{COMMAND}::test_by_default_the_two_asked_for_last_are_compared",
    ),
    Mutant(
        "the run before was asked for before",
        "outbox/asked_before.py",
        "one < name",
        "one != name",
        f"{PREVIOUS}::test_it_is_chosen_by_when_it_was_asked_for",
    ),
    Mutant(
        "prices of another version are not taken for the earlier ones",
        "shared/market/earlier.py",
        "if fingerprint_of(prices) != fingerprint:",
        "if False:",
        f"{PREVIOUS}::test_shards_of_a_version_that_is_only_coming_are_not_taken_for_earlier_prices",
    ),
)
