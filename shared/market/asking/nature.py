"""What a provider is, as its own file says in capital letters; what it does not say, it is not.

It exists so that a chain of providers is walked by what they are, and a new one is a new file and no name anywhere else.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

from shared.catalog import Catalog


class Nature(NamedTuple):
    """Of one provider."""

    source: str  # where it has its prices from: two of one source know nothing of each other's faults
    is_local: bool  # it reads files of this machine, and needs no network
    ending: str  # of the files it reads, one for each instrument; empty: it reads none
    has_indexes_of_korea: bool  # and no others
    has_etfs_alone: bool  # of an index it has one that moves alike, which is not on the same level


@functools.cache
def nature_of(name: str) -> Nature:
    """KeyError where there is no such provider."""
    part = Catalog("shared.market.providers").load(name)

    def told(word: str) -> bool:
        return bool(getattr(part, word, False))

    source, ending = getattr(part, "SOURCE", name), getattr(part, "ENDING", "")
    return Nature(source, told("LOCAL"), ending, told("INDEXES_OF_KOREA"), told("ETFS_ALONE"))
