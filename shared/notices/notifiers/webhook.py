"""Notices as JSON to any address: `ALERT_WEBHOOK_URL`.

It exists so that whoever uses something else than Slack gets the same notices; `text` alone is what most of them show.
"""

from __future__ import annotations

import json
from typing import Any, Dict, Optional

from shared import clock
from shared.notices import Later, Letter, Post, Refused, Unfit, plain_of, seconds_asked, unreached, words_for

OUTSIDE = True
_NOT_US = (401, 403, 404, 410)


def is_on(post: Post) -> bool:
    """Where there is an address."""
    return bool(post.secrets.alert_hook)


def address(post: Post) -> str:
    """Whose refusal counts until it changes."""
    return post.secrets.alert_hook


def edits(post: Post) -> bool:
    """What was posted stays."""
    return False


def notify(letter: Letter, post: Post) -> str:
    """Post it; any 2xx is good."""
    import urllib.error
    import urllib.request
    from http.client import HTTPException

    body = json.dumps(_document(letter), ensure_ascii=False).encode()
    request = urllib.request.Request(  # noqa: S310 - http or https: looked at where the address was read
        post.secrets.alert_hook, body, {"Content-Type": "application/json; charset=utf-8", "User-Agent": "krx-relay"}
    )
    try:
        with urllib.request.urlopen(request, timeout=letter.seconds) as answer:  # noqa: S310
            answer.read(1024)
    except urllib.error.HTTPError as error:
        _tell(error.code, error.headers.get("Retry-After"))
    except (OSError, HTTPException, ValueError) as error:
        raise unreached(post.secrets.alert_hook, error) from error
    return ""


def _tell(code: int, asked: Optional[str]) -> None:
    found = words_for("answers", "webhook", code)
    if code in _NOT_US:
        raise Refused(found)
    if code == 429:
        raise Later(found, seconds_asked(asked), busy=True)
    if code >= 500 or code == 408:
        raise Later(found)
    raise Unfit(found.en)


def _document(letter: Letter) -> Dict[str, Any]:
    notice = letter.notice.model_dump(mode="json", exclude_defaults=True)
    counted = {"count": letter.times, "since": clock.iso(letter.since or letter.at)} if letter.times > 1 else {}
    return {"text": plain_of(letter), "kind": letter.kind, "id": letter.name.partition(".")[0], **counted, "notice": notice}
