"""What servers really answered to a library that asked them: its session of HTTP, listened to and limited in time.

It exists because libraries of prices turn a refusal, a busy server and a renamed column into one and the same empty table.
"""

from __future__ import annotations

import importlib
import socket
import sys
import urllib.error
from collections.abc import Callable
from types import ModuleType
from typing import Any, NamedTuple

from shared.market.outage import ExternalDataUnavailable, Kind
from shared.market.providers._web import refusal

_WITHOUT_LIMIT = 60.0
_NETWORK = (ConnectionError, socket.gaierror, urllib.error.URLError)


class Answer(NamedTuple):
    """One answer of a server, whole."""

    url: str
    status: int
    body: bytes
    retry_after: str | None


class Line:
    """The session a library asks with. `answers`: what came over it since `begin`."""

    def __init__(self, session: Any, seconds_for: Callable[[str], float | None]) -> None:
        """Of `requests` or of `curl_cffi`. `seconds_for` says how long an address may take; None: nothing of what goes wrong
        there is an outage, the library goes on without it."""
        self.session, self.answers, self._doing = session, list[Answer](), ""
        self._request, self._seconds_for = session.request, seconds_for
        session.request = self._ask  # of our own session alone: every question of either library goes through it

    def begin(self, doing: str) -> None:
        """A new question."""
        self.answers, self._doing = [], doing

    def _ask(self, method: str, url: str, **options: Any) -> Any:
        seconds = self._seconds_for(url)
        options["timeout"] = min(options.get("timeout") or _WITHOUT_LIMIT, seconds or limit() / 10)
        if seconds is None:
            return self._request(method, url, **options)
        try:
            found = self._request(method, url, **options)
        except OSError as error:
            raise outage_of(error, self._doing) or error from None
        answer = Answer(url, found.status_code, found.content, found.headers.get("Retry-After"))
        self.answers.append(answer)
        if answer.status == 429 or answer.status >= 500:
            raise refusal(answer.status, answer.retry_after, self._doing)
        return found


def limit() -> float:
    """How many seconds a question may take in all, in a provider's process."""
    return socket.getdefaulttimeout() or _WITHOUT_LIMIT


def outage_of(error: OSError, doing: str) -> ExternalDataUnavailable | None:
    """What this error of a connection is called; None where it is none of a connection. Its words may name a proxy and its
    password, and are not told."""
    why = type(error).__name__
    if isinstance(error, (TimeoutError, *_errors("Timeout"))):
        return ExternalDataUnavailable(doing, f"no answer in time ({why})", "timeout")
    if isinstance(error, _errors("InvalidURL")):
        return ExternalDataUnavailable(doing, f"no such address, of its server or of a proxy ({why})", "network")
    if isinstance(error, (*_NETWORK, *_errors("RequestException"))) and not isinstance(error, ValueError):
        return ExternalDataUnavailable(doing, f"no connection, or none to its end ({why})", "network")
    return None


def loaded(name: str, extra: str, doing: str) -> ModuleType:
    """That library; ExternalDataUnavailable where it is not installed, or asks the network while it is loaded and fails."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        why = f"this Python has no {error.name}: pip install 'krx-relay[{extra}]'"
        kind: Kind = "disabled"
        raise ExternalDataUnavailable(doing, why, kind) from None
    except OSError as error:
        raise outage_of(error, doing) or error from None


def _errors(name: str) -> tuple[type[BaseException], ...]:
    """Those of that name, of the libraries that are loaded."""
    found = (sys.modules.get(module) for module in ("requests.exceptions", "curl_cffi.requests.exceptions"))
    return tuple(getattr(module, name) for module in found if module is not None)
