"""The door of what is odd about prices: refused, masked, left out or kept, and always told."""

from shared.market.quality.between import disagreement
from shared.market.quality.day_file import write_quality
from shared.market.quality.ends import stale_as_a_whole
from shared.market.quality.examining import examined, told
from shared.market.quality.finding import CODES, Finding, finding, finding_in, named, sentence
from shared.market.quality.joined import of_joining, refuse_impossible

__all__ = [
    "CODES",
    "Finding",
    "disagreement",
    "examined",
    "finding",
    "finding_in",
    "named",
    "of_joining",
    "refuse_impossible",
    "sentence",
    "stale_as_a_whole",
    "told",
    "write_quality",
]
