"""pykrx, loaded without its login and asked over a session of ours, logged in to the exchange's site where it must be.

It exists because it logs in while it is loaded, knows no limit of time, and answers a refusal with an empty table.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

from shared.market.outage import ExternalDataUnavailable
from shared.market.providers._heard import Answer, Line, limit, loaded
from shared.market.providers._web import refusal

_LASTS = 3000.0  # seconds; the site forgets who logged in after an hour
_MISREAD = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)  # how a library fails over an odd answer


def load_pykrx() -> None:
    """Loaded, and nobody logged in by that."""
    with _not_in_the_environment("KRX_ID", "KRX_PW"):
        loaded("pykrx.stock", "market", "loading pykrx")


class Site:
    """What pykrx asks, over a session of ours; the exchange's own site wants a login, Naver none."""

    def __init__(self, with_login: bool) -> None:
        self._with_login = with_login
        self._line: Line | None = None
        self._until = 0.0

    def asked(self, ask: Callable[[], Any], rows_in: Callable[[bytes], int], doing: str) -> Any:
        """The table pykrx makes of the answers; ExternalDataUnavailable where they are refusals, or not of their usual shape:
        `rows_in` counts what it should make of one, with a ValueError where it has not that shape. A login the site has
        forgotten is done once more."""
        was_there = self._line is not None and time.monotonic() < self._until
        try:
            return self._once(ask, rows_in, doing)
        except ExternalDataUnavailable as error:
            if error.kind != "auth":
                raise
            self._line = None
            if not was_there:
                raise
        return self._once(ask, rows_in, doing)

    def _once(self, ask: Callable[[], Any], rows_in: Callable[[bytes], int], doing: str) -> Any:
        line, misread, table = self._begin(doing), None, ()
        try:
            table = ask()
        except _MISREAD as error:
            misread = error
        rows = sum(_believed(answer, rows_in, doing) for answer in line.answers)
        if misread:
            raise misread
        if rows and not len(table):
            raise ExternalDataUnavailable(doing, f"pykrx made nothing of its {rows} rows", "schema_drift")
        return table

    def _begin(self, doing: str) -> Line:
        if self._line is None or time.monotonic() > self._until:
            self._line = self._opened(doing)
            self._until = time.monotonic() + _LASTS
        self._line.begin(doing)
        return self._line

    def _opened(self, doing: str) -> Line:
        """A session, handed to pykrx as one that is valid for ever: to renew it, it would log in and print who did."""
        line = Line(loaded("requests", "market", doing).Session(), lambda _: limit())
        line.begin(doing)
        auth = loaded("pykrx.website.comm.auth", "market", doing)
        if self._with_login:
            _log_in(auth, line, doing)
        cookies = {one.name: {"value": one.value} for one in line.session.cookies}
        forever = auth.KRXSession(session=line.session, is_authenticated=True, expiry_time=float("inf"), cookies=cookies)
        auth.set_auth_session(forever)
        return line


def _believed(answer: Answer, rows_in: Callable[[bytes], int], doing: str) -> int:
    if answer.status >= 400:
        raise _refused(answer, doing)
    try:
        return rows_in(answer.body)
    except ValueError as error:
        raise ExternalDataUnavailable(doing, f"its answer is another than it was ({error})"[:200], "schema_drift") from None


def _log_in(auth: Any, line: Line, doing: str) -> None:
    member, password = os.environ.get("KRX_ID", ""), os.environ.get("KRX_PW", "")
    if not (member and password):
        raise ExternalDataUnavailable(doing, "KRX_ID and KRX_PW are not set", "disabled")
    is_in = False
    with contextlib.suppress(*_MISREAD), contextlib.redirect_stdout(io.StringIO()):  # it prints the site's words
        is_in = auth.login_krx(member, password, line.session)
    if not is_in:
        raise _not_let_in(line.answers[-1], doing)


def _not_let_in(answer: Answer, doing: str) -> ExternalDataUnavailable:
    """By the answer to the login. Its words are not told: they may name who logs in."""
    if answer.status >= 400:
        return _refused(answer, doing)
    try:
        code = str(json.loads(answer.body)["_error_code"])[:20]
    except _MISREAD:
        return ExternalDataUnavailable(doing, "the login was answered otherwise than it was", "schema_drift")
    hint = {"CD010": ": its password must be changed at www.krx.co.kr", "CD011": ": somebody else is logged in"}.get(code, "")
    return ExternalDataUnavailable(doing, f"the login was refused with {code}{hint}", "auth")


def _refused(answer: Answer, doing: str) -> ExternalDataUnavailable:
    """The site says 400 to whom it does not know, and not 401."""
    if answer.status == 400 and answer.body.strip() == b"LOGOUT":
        return ExternalDataUnavailable(doing, "it wants a login (LOGOUT)", "auth")
    return refusal(answer.status, answer.retry_after, doing)


@contextlib.contextmanager
def _not_in_the_environment(*names: str) -> Iterator[None]:
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)
