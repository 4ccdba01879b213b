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
from typing import Any
from urllib.parse import urlsplit

from shared.market.outage import ExternalDataUnavailable, Kind

_PIECE, _MOST = 1 << 16, 1 << 24
_LONGEST_WAIT = 300.0
_KINDS: dict[int, Kind] = {401: "auth", 403: "auth", 407: "auth", 408: "timeout", 429: "rate_limit"}


def answer_of(url: str, headers: Mapping[str, str], seconds: float, doing: str) -> bytes:
    """The body of the answer; ExternalDataUnavailable where there is none, or it does not come whole in time."""
    ends = time.monotonic() + seconds
    try:
        with _opener().open(urllib.request.Request(url, headers=dict(headers)), timeout=seconds) as answer:  # noqa: S310
            body = _read(answer, ends)
            told = answer.headers.get("Content-Length")
    except urllib.error.HTTPError as error:
        raise _refused(error, doing) from None  # its headers and address are nobody's business
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        kind: Kind = "timeout" if isinstance(reason, TimeoutError) else "network"
        why = f"no whole answer in {seconds:g} s" if kind == "timeout" else f"{type(reason).__name__}: {reason}"[:200]
        raise ExternalDataUnavailable(doing, why, kind) from None
    except ValueError as error:  # its words may repeat a header
        why = f"it sends on to, or is, no address of the web ({type(error).__name__})"
        raise ExternalDataUnavailable(doing, why, "schema_drift") from None
    if told is not None and told.isdigit() and len(body) < int(told):
        raise ExternalDataUnavailable(doing, f"{len(body)} of {told} bytes came", "network")
    return body


def refusal(status: int, retry_after: str | None, doing: str) -> ExternalDataUnavailable:
    """The outage an answer of that status is, with how long it asks to wait."""
    kind = _KINDS.get(status, "network" if status >= 500 else "schema_drift")
    return ExternalDataUnavailable(doing, f"it answered {status}", kind, _seconds_in(retry_after))


def _opener() -> urllib.request.OpenerDirector:
    """One that is sent on within the same host alone: whoever else is named there is not to have the key."""
    sent_on: Any = urllib.request.HTTPRedirectHandler()
    usual = sent_on.redirect_request
    sent_on.redirect_request = lambda *told: usual(*told) if _is_at_home(told[0].full_url, told[-1]) else None
    return urllib.request.build_opener(sent_on)


def _is_at_home(here: str, there: str) -> bool:
    """Whether the other address is one of the same host, and not in the clear where this one is not."""
    was, now = urlsplit(here), urlsplit(there)
    return was.hostname == now.hostname and now.scheme in (was.scheme, "https")


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
    with suppress(TypeError, ValueError, OverflowError):
        found = (
            float(said) if said and said.isdigit() else email.utils.parsedate_to_datetime(said or "").timestamp() - time.time()
        )
    return None if found is None else min(max(found, 0.0), _LONGEST_WAIT)
