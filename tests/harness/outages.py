"""What kind of outage it is, in whichever way a stand-in of the market misbehaves; and a question that must end in one.

It exists so that all providers are held to the same kinds, and the tests of each say only where it differs.
"""

from __future__ import annotations

import time
from datetime import date

import pytest

from shared.market.asking import Provider
from shared.market.outage import ExternalDataUnavailable
from tests.harness.market_answers import DAYS, ID, PASSWORD
from tests.harness.market_server import KEY

FIRST, LAST = min(DAYS), max(DAYS)
KINDS = {
    "empty": "empty",
    "zeros": "empty",
    "renamed column": "schema_drift",
    "no prices but words": "schema_drift",
    "503 html": "network",
    "200 html": "schema_drift",
    "429": "rate_limit",
    "429 with Retry-After": "rate_limit",
    "truncated": "schema_drift",
    "wrong encoding": "schema_drift",
    "reset in the middle": "network",
    "hang": "timeout",
    "trickle": "timeout",
}
OVER_THE_WEB = {  # where no library stands between the server and us
    **KINDS,
    "an impossible number": "schema_drift",
    "negative": "schema_drift",
    "no object": "schema_drift",
    "elsewhere": "schema_drift",
    "LOGOUT": "schema_drift",
    "a Retry-After beyond words": "rate_limit",
    "429 with a day": "rate_limit",
}


def outage(provider: Provider, symbol: str = "069500", days: tuple[date, date] = (FIRST, LAST)) -> ExternalDataUnavailable:
    """What it raises instead of bars: in its time, and with nobody's login or key in it or in anything it printed."""
    limit = 4.0 + (provider._seconds if provider._process else provider._loading)  # its process may have to be made first
    began = time.monotonic()
    with pytest.raises(ExternalDataUnavailable) as caught:
        provider.fetch(symbol, *days)
    assert time.monotonic() - began < limit
    left = b"".join(file.read_bytes() for file in provider._folder.rglob("*") if file.is_file())
    for secret in (ID, PASSWORD, KEY):
        assert secret not in str(caught.value)
        assert secret.encode() not in left
    return caught.value
