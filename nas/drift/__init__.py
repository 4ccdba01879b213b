"""The door of drift: the newest answer of each strategy beside the one before it, in the lines of the earlier comparison."""

from nas.drift.lines import Pair, has_drifted, lines_of, notice_of
from nas.drift.pairs import SKIPPED, pair_of, strategies_of

__all__ = ["SKIPPED", "Pair", "has_drifted", "lines_of", "notice_of", "pair_of", "strategies_of"]
