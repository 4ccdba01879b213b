"""One question to a web server and its whole answer in a limited time, or the kind of outage it was.

It exists so that a provider without a library of its own says "too often", "no right" and "gone" as every other does.
"""

from __future__ import annotations

import email.utils
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress

from shared.market.outage import ExternalDataUnavailable, Kind

_PIECE, _MOST = 1 << 16, 1 << 26
_LONGEST_WAIT = 300.0
_KINDS: dict[int, Kind] = {401: "auth", 403: "auth", 407: "auth", 408: "timeout", 429: "rate_limit"}


def answer_of(url: str, headers: Mapping[str, str], seconds: float, doing: str) -> bytes:
    """The body of the answer; ExternalDataUnavailable where there is none, or it does not come whole in time."""
    ends = time.monotonic() + seconds
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=dict(headers)), timeout=seconds) as answer:  # noqa: S310
            body = _read(answer, ends)
            told = answer.headers.get("Content-Length")
    except urllib.error.HTTPError as error:
        raise _refused(error, doing) from None  # its headers and address are nobody's business
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        kind: Kind = "timeout" if isinstance(reason, TimeoutError) else "network"
        why = f"no whole answer in {seconds:g} s" if kind == "timeout" else f"{type(reason).__name__}: {reason}"
        raise ExternalDataUnavailable(doing, why, kind) from None
    if told is not None and told.isdigit() and len(body) < int(told):
        raise ExternalDataUnavailable(doing, f"{len(body)} of {told} bytes came", "network")
    return body


def refusal(status: int, retry_after: str | None, doing: str) -> ExternalDataUnavailable:
    """The outage an answer of that status is, with how long it asks to wait."""
    kind = _KINDS.get(status, "network" if status >= 500 else "schema_drift")
    return ExternalDataUnavailable(doing, f"it answered {status}", kind, _seconds_in(retry_after))


def _read(answer: http.client.HTTPResponse, ends: float) -> bytes:
    """Piece by piece: one that trickles would never be over otherwise."""
    pieces, size = list[bytes](), 0
    while piece := answer.read1(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if time.monotonic() > ends:
            raise TimeoutError
        if size > _MOST:
            raise http.client.HTTPException(f"more than {_MOST >> 20} MB")
    return b"".join(pieces)


def _refused(error: urllib.error.HTTPError, doing: str) -> ExternalDataUnavailable:
    return refusal(error.code, error.headers.get("Retry-After") if error.headers else None, doing)


def _seconds_in(said: str | None) -> float | None:
    """Of a Retry-After: seconds, or a date; no more than some minutes."""
    found: float | None = None
    with suppress(TypeError, ValueError):
        found = (
            float(said) if said and said.isdigit() else email.utils.parsedate_to_datetime(said or "").timestamp() - time.time()
        )
    return None if found is None else min(max(found, 0.0), _LONGEST_WAIT)
