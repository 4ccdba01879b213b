"""The notice of a finished backtest, where the PC is the side that sends it (`completion_from: pc`).

It exists so that a PC without a NAS that publishes still tells what became of a request, in the very same words.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from outbox import verified
from pc.desk import Desk
from shared.completion import INDEX, READ, is_real, notices_of, told_of
from shared.doctors_own import is_doctors
from shared.errors import RelayError
from shared.events import Log
from shared.notices import Post, open_post, tell


def teller_of(desk: Desk, post: Post | None = None) -> Callable[[str, Log], None]:
    """What keeps the notices of the answer with that id until they are sent; nothing where the NAS is to do so."""
    if desk.settings.completion_from != "pc":
        return lambda request_id, log: None
    office = post or open_post(desk.settings)
    return lambda request_id, log: _tell(desk, office, request_id, log)


def _tell(desk: Desk, post: Post, request_id: str, log: Log) -> None:
    """An answer is sealed whatever becomes of its notice: what goes wrong is a line in the log."""
    try:
        manifest, files = verified(desk.outbox, request_id, READ)
        is_news = is_real(manifest) and not is_doctors(files.get("request.json", b""))
        told = told_of(manifest, files, str(desk.outbox.done / request_id), _published(desk))
        for notice in notices_of(told, desk.settings.language) if is_news else ():
            tell(post, notice)
    except (OSError, RelayError, ArithmeticError, AttributeError, TypeError, ValueError) as error:
        log.warning("NOTICE_LOST", why=error)


def _published(desk: Desk) -> list[dict[str, Any]]:
    """What it may be compared with; nothing where no NAS publishes into this very folder."""
    try:
        listed = json.loads((desk.settings.reports / INDEX).read_bytes())["published"]
        return [one for one in listed if isinstance(one, dict)]
    except (OSError, ValueError, KeyError, TypeError):
        return []
