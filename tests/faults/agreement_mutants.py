"""Rules of the engine, each broken by one edit, and the comparison with a peer, or the property, that must notice."""

from __future__ import annotations

from tests.faults.mutant import Mutant

AGREES = "tests/pc/test_engine_agrees.py"
PROPERTIES = "tests/pc/test_engine_properties.py"

AGREEMENT_MUTANTS = (
    Mutant(
        "an embedded fee is within the amount",
        "pc/engine/book.py",
        "return self._lots(missing / (price * (1 + self._fees)))",
        "return self._lots(missing / price)",
        f"{AGREES}::test_our_equity_is_the_peers_on_every_row",
    ),
    Mutant(
        "symbols take turns by name, not by column",
        "pc/engine/simulate.py",
        "np.array(sorted(range(len(symbols)), key=symbols.__getitem__), dtype=np.int64)",
        "np.arange(len(symbols))",
        f"{PROPERTIES}::test_neither_a_symbol_nobody_picks_nor_the_order_of_columns_changes_a_bit_of_random_wishes",
    ),
    Mutant(
        "who is no member of the universe is not held",
        "shared/strategies/krx_ma200.py",
        "(above * members / several)[ready]",
        "(above / several)[ready]",
        f"{PROPERTIES}::test_a_symbol_of_no_universe_changes_no_bit_of_a_run",
    ),
    Mutant(
        "the audit holds each side to its own limit",
        "pc/engine/reconcile.py",
        'np.where(fills["shares"] > 0, moved >= limits, moved <= -limits)',
        "moved >= limits",
        "tests/pc/test_engine_audit.py::test_a_purchase_at_the_upper_limit_and_a_sale_at_the_lower_one_are_refused",
    ),
)
