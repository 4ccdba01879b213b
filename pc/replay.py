"""`python -m pc replay ID`: a sealed result computed once more, and its numbers held against the old ones byte for byte.

It exists so that "the same inputs give the same bytes" is a question anybody can ask of any answer, years later too.
"""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from inbox import asked_from
from outbox import CURVE, REQUEST, TRADES, Outbox, answers, newest_answers, open_outbox, verified
from pc import run
from pc.in_force import versions
from pc.phases import Phases
from pc.reuse import key_of
from pc.sources import engine_sha256
from shared.closing import close
from shared.config import Settings
from shared.disk import Disk
from shared.errors import RequestNotFound, UsageWrong, nearest
from shared.one_line import clean_lines
from shared.outcome import FAILED, OK, TRY_LATER
from shared.text import Table, wording

NUMBERS = (CURVE, "daily_returns.csv", TRADES, "metrics.json")
_WORDS: Table = {
    "SAME": ("다시 계산한 값이 한 바이트도 다르지 않습니다: {}", "computed again, not one byte differs: {}"),
    "DIFFERS": ("입력이 같은데 값이 다릅니다: {}", "the inputs are the same, and these differ: {}"),
    "OTHER INPUTS": ("입력이 달라졌고 값도 다릅니다: {}", "the inputs are others by now, and these differ: {}"),
    "prices": ("가격", "prices"),
    "engine": ("엔진 코드", "the engine's code"),
    "strategy": ("전략 코드", "the strategy's code"),
    "libraries": ("파이썬이나 라이브러리 판", "Python or library versions"),
    "something": ("매개변수 기본값, 유니버스 또는 설정", "defaults, the universe or settings"),
    "changed": ("달라진 것: {}", "what changed: {}"),
}
_NAMED = ("@latest", "@prev")
_RC = {"SAME": OK, "DIFFERS": FAILED, "OTHER INPUTS": TRY_LATER}


class Replay(NamedTuple):
    """Which files of numbers differ, and what of the inputs does; no inputs: they are known to be the same."""

    request_id: str
    files: list[str]
    inputs: list[str]

    @property
    def verdict(self) -> str:
        """In one word; whose bytes are the same is the same, whatever else is new."""
        return "SAME" if not self.files else "OTHER INPUTS" if self.inputs else "DIFFERS"


def replay(settings: Settings, named: str, as_json: bool) -> int:
    """0 when every byte of the numbers is there again, 1 when not though the inputs are the same, 2 when they are others."""
    began = time.monotonic()
    done = replayed(settings, named)
    facts = {"request": done.request_id, "files": len(NUMBERS)}
    document = {"verdict": done.verdict, "request_id": done.request_id, "differ": done.files, "inputs": done.inputs}
    if not as_json:
        print(clean_lines("\n".join(_lines(done, settings.language))))
    close(done.verdict.replace(" ", "_"), facts, time.monotonic() - began, document if as_json else None)
    return _RC[done.verdict]


def replayed(settings: Settings, named: str) -> Replay:
    """The request of that sealed answer, run here and now on the prices and by the code there are."""
    outbox = open_outbox(settings.reports, Disk(settings.durable))
    request_id = _one(outbox, named)
    manifest, files = verified(outbox, request_id, (*NUMBERS, REQUEST))
    if manifest["status"] != "SUCCEEDED":
        found = f"it is {manifest['status']}: there are no numbers in it"
        raise UsageWrong(f"replaying {request_id!r}", found, "name an answer that SUCCEEDED")
    asked = asked_from(files[REQUEST], 0.0, request_id).request
    if asked is None:
        raise UsageWrong(f"replaying {request_id!r}", "its request cannot be read by this version", "compare it instead")
    again: dict[str, bytes] = {}
    phases = Phases(lambda phase, percent: None)
    scope = run.prepared(asked.model_copy(update={"request_id": request_id}), settings, phases)
    key = key_of(scope)
    told = run.carry_out(scope, run.Into(again.__setitem__), phases)
    differ = [name for name in NUMBERS if files.get(name) != again.get(name)]
    return Replay(request_id, differ, [] if manifest.get("key") == key else _changed(manifest, told))


def _changed(manifest: dict[str, Any], told: run.Ran) -> list[str]:
    code, made_with, here = manifest.get("code", {}), manifest.get("environment", {}), versions("numpy", "pydantic")
    pairs = {
        "prices": (manifest["data"].get("fingerprint"), told.data["fingerprint"]),
        "engine": (code.get("engine_sha256"), engine_sha256()),
        "strategy": (code.get("strategy_sha256"), told.strategy_sha256),
        "libraries": ({name: made_with.get(name) for name in here}, here),
    }
    return [name for name, (before, now) in pairs.items() if before != now] or ["something"]


def _one(outbox: Outbox, named: str) -> str:
    if named in _NAMED:
        newest = newest_answers(outbox, len(_NAMED))
        known, named = newest, dict(zip(_NAMED, newest, strict=False)).get(named, named)
    else:
        known = answers(outbox)
    found = [one for one in known if one == named] or [one for one in known if one.startswith(named)]
    if len(found) != 1:
        why = f"{len(found)} answers begin so: {', '.join(sorted(found)[:5])}" if found else "there is no such answer in done"
        raise RequestNotFound(f"looking for the answer {named!r}", why, nearest(named, known))
    return found[0]


def _lines(done: Replay, language: str) -> list[str]:
    said = [wording(_WORDS, done.verdict, ", ".join(done.files or NUMBERS)).in_language(language)]
    changed = ", ".join(wording(_WORDS, name).in_language(language) for name in done.inputs)
    return said + ([wording(_WORDS, "changed", changed).in_language(language)] if changed else [])
