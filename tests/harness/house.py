"""A machine that fetches prices every evening, with a Slack and a market before its door, for tests of real programs.

It exists so that such a test says `ingest`, `midnight`, `day`, and looks at what people see.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

import pytest

from tests.harness.exchange import Exchange
from tests.harness.processes import Done, Machine
from tests.harness.slack_server import SlackServer

CODE, NEVER = "069500", "999999"
FIRST, YESTERDAY, TODAY, TOMORROW = date(2023, 9, 1), date(2024, 1, 3), date(2024, 1, 4), date(2024, 1, 5)
STDLIB = """
benchmarks:
  KOSPI: {providers: [local_cache, krx_openapi]}
codes: {providers: [local_cache, naver, krx_openapi]}
providers:
  krx_openapi: {sessions_at_once: 60}
"""


class House:
    """`sources`: the file that says who is asked."""

    def __init__(self, machine: Machine, exchange: Exchange, slack: SlackServer) -> None:
        self.machine, self.exchange, self.slack = machine, exchange, slack
        self.data, self.sources, self.log = machine.folder / "data", machine.folder / "sources.yaml", ""

    def ingest(self, day: date, *symbols: str, words: Tuple[str, ...] = (), **settings: Any) -> Done:
        """As cron does it, that evening."""
        self.exchange.until = day
        return self.machine.run(*self.typed(day, *symbols), *words, **settings)

    def moves_in(self, data: Path) -> None:
        """It goes on from a copy of what was fetched before."""
        shutil.copytree(data, self.data)

    def typed(self, day: date, *symbols: str) -> Tuple[str, ...]:
        """The words of that."""
        named = ",".join(symbols or ("KOSPI", CODE))
        return ("pc", "ingest", "--symbols", named, "--date", str(day), "--backfill", str(FIRST))

    @contextlib.contextmanager
    def at_home(self, **settings: Any) -> Iterator[None]:
        """This process finds in its environment what the programs of the house find."""
        with pytest.MonkeyPatch.context() as surroundings:  # not the test's own: it would bring back what has ended by then
            for name, value in self.machine.environment(**settings).items():
                surroundings.setenv(name, value)
            yield

    def midnight(self) -> None:
        """Whoever was left alone until then is asked again."""
        for note in (self.data / "providers").glob("*.json"):
            note.write_text(json.dumps({**json.loads(note.read_text()), "day": "2024-01-03"}))

    def outages(self) -> List[str]:
        """What the channel shows of them."""
        return [said for said in self.slack.channel() if "Ingest Failed" in said]

    def status(self) -> Dict[str, Any]:
        """`reports/run_status.json`."""
        told: Dict[str, Any] = json.loads((self.machine.reports / "run_status.json").read_text(encoding="utf-8"))
        return told

    def day(self, requests: Dict[str, Dict[str, Any]]) -> Dict[str, Dict[str, Any]]:
        """These dropped, run, and shown; the answers' manifests."""
        answers = self.answers(requests)
        published = self.machine.run("nas", "publish")
        assert published.rc == 0, published.err
        return answers

    def answers(self, requests: Dict[str, Dict[str, Any]]) -> Dict[str, Dict[str, Any]]:
        """These dropped and run; the answers' manifests. `log`: what the worker said."""
        for name, request in requests.items():
            self.machine.road.submit(request_id=name, **request)
        drained = self.machine.run("pc", "drain")
        assert drained.rc == 0, drained.err
        self.log = drained.err
        return {name: self.machine.road.manifest(name) for name in requests}


def data_of_yesterday(folder: Path, *symbols: str, sources: str = STDLIB) -> Path:
    """What is there once these were fetched that evening: whoever only goes on from there moves in."""
    with pytest.MonkeyPatch.context() as surroundings, a_house(folder, surroundings) as house:
        house.sources.write_text(sources, encoding="utf-8")
        done = house.ingest(YESTERDAY, *symbols)
    assert done.rc == 0, done.err
    return house.data


@contextlib.contextmanager
def a_house(folder: Path, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> Iterator[House]:
    """One in which prices of KOSPI and one code may be had."""
    exchange = Exchange(("KOSPI", CODE), FIRST, TOMORROW)
    with SlackServer() as slack, exchange.open(monkeypatch):
        for name, value in {**slack.bot(), "NO_PROXY": "127.0.0.1"}.items():
            monkeypatch.setenv(name, value)
        (folder / "sources.yaml").write_text(STDLIB, encoding="utf-8")
        wanted = {"prices": "local", "language": "en", "data_sources": folder / "sources.yaml", "ALLOW_NET_FETCH": "1"}
        with Machine(folder, folder / "data", **{**wanted, **settings}) as machine:
            yield House(machine, exchange, slack)
