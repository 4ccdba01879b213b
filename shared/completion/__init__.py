"""The door to what is told of an answer: its notice, its entry in the index, and the answer it may be compared with."""

from shared.completion.comparison import INDEX, entry_of, failed_before, previous_among
from shared.completion.event import COMPLETED, FAILED, SKIPPED, event_of
from shared.completion.reading import Told, growth_a_year, is_real, object_in
from shared.completion.telling import PICTURE, READ, notices_of, told_of

__all__ = [
    "COMPLETED",
    "FAILED",
    "INDEX",
    "PICTURE",
    "READ",
    "SKIPPED",
    "Told",
    "entry_of",
    "event_of",
    "failed_before",
    "growth_a_year",
    "is_real",
    "notices_of",
    "object_in",
    "previous_among",
    "told_of",
]
