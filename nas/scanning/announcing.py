"""Telling people what changed: once for each change of a day, whatever restarts, and a change that comes back is told as that.

It exists so that a scanner that looks every five minutes is read, and not muted.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Dict, List, NamedTuple, Tuple

from nas.scanning.text import behind, slack_of
from nas.scanning.wording import words
from shared.disk import Disk
from shared.kept import keep, kept
from shared.notices import Notice, open_post, send_due, tell

if TYPE_CHECKING:
    from nas.scanning.looking import Look
    from shared.config import Settings

_SENDING = 5.0  # seconds for Slack, at the end of a scan
_FILE = "told.json"


class Change(NamedTuple):
    """Since it was told last today: what is new, gone, or back after having gone; `number`: how often it was told, with this."""

    number: int
    new: Tuple[str, ...] = ()
    gone: Tuple[str, ...] = ()
    back: Tuple[str, ...] = ()
    ever: Tuple[str, ...] = ()

    @property
    def is_any(self) -> bool:
        """The first scan of a day always is."""
        return self.number == 1 or bool(self.new or self.gone or self.back)


def changed(settings: Settings, document: Dict[str, Any]) -> Change:
    """What is to be told of it."""
    told = kept(Disk(settings.durable), settings.data / "signals" / _FILE)
    is_same = (told.get("day"), told.get("synthetic") is True) == (document["day"], document["synthetic"])
    told = told if is_same and isinstance(told.get("number"), int) else {}
    now, before, ever = _items(document), _known(told, "now"), _known(told, "ever")
    appeared = [one for one in now if one not in before]
    return Change(
        number=told.get("number", 0) + 1,
        new=tuple(one for one in appeared if one not in ever),
        gone=tuple(one for one in before if one not in now),
        back=tuple(one for one in appeared if one in ever),
        ever=tuple(dict.fromkeys([*ever, *now])),
    )


def announced(settings: Settings, look: Look, document: Dict[str, Any]) -> Change:
    """Told where it changed, and kept as told; made-up prices are told to nobody."""
    change = changed(settings, document)
    if change.is_any:
        post = open_post(settings)
        tell(post, _notice(look, document, change, settings.language))
        # RACE: killed before this is kept, the next scan tells the same under the same identity, which is told once.
        state = {"day": document["day"], "synthetic": document["synthetic"], "number": change.number}
        state.update(now=_items(document), ever=change.ever)
        keep(Disk(settings.durable), settings.data / "signals" / _FILE, state)
        send_due(post, _SENDING)
    return change


def said_of(change: Change, language: str) -> str:
    """`BUY 091160, SELL 069500 해제, BUY 379800 다시`."""
    if change.number == 1:
        return words("first", language)
    told = [_called(one, language) for one in change.new]
    told += [words("back", language, what=_called(one, language)) for one in change.back]
    told += [words("gone", language, what=_called(one, language)) for one in change.gone]
    return words("changed", language, what=", ".join(told))


def _notice(look: Look, document: Dict[str, Any], change: Change, language: str) -> Notice:
    counts = f"BUY {len(document['buy'])} · SELL {len(document['sell'])} · HOLD {len(document['hold'])}"
    regime = f" · {words('regime_is', language, state=document['regime'])}" if document["regime"] else ""
    sign = hashlib.sha256(" ".join([*_items(document), *change.ever]).encode()).hexdigest()[:8]
    return Notice(
        event="SIGNALS_CHANGED",
        level="INFO",
        title=f"KRX Scanner · {document['strategy']}",
        day=document["day"],
        identity=f"scan {document['day']} {change.number} {sign}",
        synthetic=document["synthetic"],
        summary=f"[KRX Scanner] {document['day']}{regime} · {counts} · {said_of(change, language)}",
        opening="\n".join([said_of(change, language), *slack_of(look, language)]),
        remarks=tuple(behind(look, language)[1:]) if change.number == 1 else (),  # what holds all day is read once
        context=behind(look, language)[0],
        data_to=document["prices_to"],
    )


def _items(document: Dict[str, Any]) -> List[str]:
    """What is told when it comes or goes; who is merely kept is not."""
    items = [f"{word.upper()} {one['code']}" for word in ("buy", "sell") for one in document[word]]
    return [*items, *([f"REGIME {document['regime']}"] if document["regime"] else [])]


def _known(told: Dict[str, Any], name: str) -> List[str]:
    found = told.get(name)
    return [str(one) for one in found] if isinstance(found, list) else []


def _called(item: str, language: str) -> str:
    word, _, rest = item.partition(" ")
    return words("regime_is", language, state=rest) if word == "REGIME" else item
