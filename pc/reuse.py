"""An earlier result told again: the same question, prices and code give the same numbers, so they are not computed twice.

It exists so that asking again costs milliseconds, and so that such an answer says whose numbers it shows.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from typing import Any

from outbox import CURVE, PICTURES, REPORT, TRADES, Outbox, known_result
from pc.in_force import versions
from pc.previous import Previous
from pc.run import Into, Ran
from pc.scope import Scope
from pc.sources import beside_sha256, engine_sha256, imports_sha256
from shared.text import Text

_FILES = (CURVE, "daily_returns.csv", TRADES, "metrics.json", *PICTURES, REPORT)
_SAID = Text(
    "※ 다시 계산하지 않았습니다: 요청·가격·코드가 같은 {}의 결과입니다",
    "※ Not computed again: the numbers are those of {}, asked the same with the same prices and code",
)


def key_of(scope: Scope) -> str:
    """One hash over everything the files of a result depend on."""
    request, prices, strategy = scope.request, scope.prices, scope.strategy
    facts = [prices.names, prices.kinds, prices.delisted, prices.notes, prices.adjusted, prices.synthetic, prices.provider]
    facts += [scope.findings, prices.providers]
    members = hashlib.sha256(prices.members.tobytes()).hexdigest() if prices.members is not None else None
    libraries = versions("numpy", "pydantic", *(["matplotlib"] if request.charts else []))
    depends = {
        "code": [engine_sha256(), imports_sha256(strategy.file, strategy.sha256), beside_sha256(strategy.file), libraries],
        "asked": [strategy.name, strategy.params.model_dump(mode="json"), asdict(scope.terms), scope.period, [*scope.growths]],
        "prices": [prices.fingerprint, facts, prices.symbols, members, scope.universe, scope.days_old],
        "told": [request.charts, scope.settings.language, scope.skipped],
    }
    return hashlib.sha256(
        json.dumps(depends, sort_keys=True, default=str, ensure_ascii=False).encode("utf-8", "replace")
    ).hexdigest()


def told_again(outbox: Outbox, key: str, scope: Scope, into: Into) -> Ran | None:
    """The earlier answer's files, handed on with a word of whose they are; None where there is no such answer."""
    known = known_result(outbox, key, _FILES)
    if known is None:
        return None
    manifest, files = known
    origin = {"request_id": manifest["request_id"], "run_id": manifest["run_id"], "finished": manifest["timings"]["finished"]}
    report = files.pop(REPORT, b"").decode()
    for name, data in files.items():
        into.write(name, data)
    ran = Ran(**_of_the_earlier(manifest), key=key, reused_from=origin)
    previous = into.before(ran)
    into.write(REPORT, _retold(report, ran, previous, scope.settings.language).encode())
    return replace(ran, previous=previous.told if previous else None)


def _retold(report: str, ran: Ran, previous: Previous | None, language: str) -> str:
    """It was asked for another time: what came just before it, and whose numbers it shows, is told of this one."""
    from pc.report import Earlier, told_anew

    assert ran.reused_from is not None
    earlier = Earlier(previous.told["id"], previous.found) if previous else None
    said = _SAID.in_language(language).format(ran.reused_from["request_id"])
    return _marked(told_anew(report, dict(ran.metrics), earlier, language), said)


def _of_the_earlier(manifest: dict[str, Any]) -> dict[str, Any]:
    same = ("degraded", "params", "period", "terms", "universe", "benchmarks", "data", "metrics", "checks")
    return {**{name: manifest[name] for name in same}, "strategy_sha256": manifest["code"]["strategy_sha256"], "phases": {}}


def _marked(report: str, said: str) -> str:
    """The line comes after those that say the prices are made up, or old."""
    lines = report.splitlines(keepends=True)
    place = next((place for place, line in enumerate(lines) if line.strip() and not line.startswith("※")), 0)
    return "".join([*lines[:place], f"{said}\n\n", *lines[place:]])
