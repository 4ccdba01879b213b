"""What a program that is not ours prints when its data cannot be reached: the words of the earlier systems.

It exists for such programs alone: they know no types. Of our own jobs no word decides anything.
"""

from __future__ import annotations

import re

_WORDS = (
    "Too Many Requests",
    "Rate limited",
    "YFRateLimitError",
    "timed out",
    "ReadTimeout",
    "ConnectTimeout",
    "Connection reset",
    "Temporary failure",
    "Name or service not known",
    "Max retries exceeded",
    "Remote end closed connection",
    "500 Internal Server Error",
    "502 Bad Gateway",
    "503 Service Unavailable",
    "504 Gateway Time",
    "external-data-unavailable",
)
# JSONDecodeError was one of them: it is as often a fault of the program's own, and such a skip nobody sees.
_ANY = re.compile("|".join(map(re.escape, _WORDS)), re.IGNORECASE)


def looks_like_an_outage(printed: str) -> str:
    """The words that say so; empty where none do."""
    found = _ANY.search(printed)
    return found[0] if found else ""
