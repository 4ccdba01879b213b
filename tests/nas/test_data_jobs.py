"""`ingest_eod` and `precache` as the scheduler starts them, against a market before the door (over shared.market)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from nas.running import Outcome, one_job
from shared.config import HOME
from tests.harness.exchange import Exchange
from tests.harness.house import CODE, FIRST, TODAY, YESTERDAY, House, a_house

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="data jobs need Python 3.11")
ONLY_NAVER = "codes: {providers: [local_cache, naver]}\n"
WORDS = ("--symbols", CODE, "--backfill", str(FIRST), "--date", str(TODAY))
AT = f"{TODAY}T17:40"


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with a_house(tmp_path, monkeypatch, prices_from="nas") as one:
        one.sources.write_text(ONLY_NAVER, encoding="utf-8")
        one.exchange.until = TODAY
        yield one


def ran(house: House, job: str, *words: str, dry: bool = False, **settings: Any) -> Outcome:
    """In the process the runner would start for it, which here is this one."""
    told = house.machine.folder / "outcome.json"
    with house.at_home(**settings):
        one_job.main([job, f"{AT}+09:00", "dry" if dry else "real", *words, "--outcome", str(told)])
    return Outcome(**json.loads(told.read_text(encoding="utf-8")))


def test_after_it_the_days_closes_are_there(house: House) -> None:
    assert ran(house, "ingest_eod", *WORDS)[:2] == ("OK", 0)
    table = (house.data / "eod" / f"{TODAY}.csv").read_text(encoding="utf-8-sig").splitlines()
    assert table[1].startswith(f"{CODE},KODEX 200,{house.exchange.bars[CODE][TODAY][3]},")


def test_of_a_day_that_is_told_to_it_it_brings_that_one(house: House) -> None:
    ran(house, "ingest_eod", *WORDS[:4])
    assert (house.data / "eod" / f"{TODAY}.csv").is_file()


def test_on_the_side_that_does_not_fetch_it_is_a_skip(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    for job, words in (("ingest_eod", WORDS), ("precache", ("--jitter", "0"))):
        done = ran(house, job, *words, prices_from="pc")
        assert (done.word, done.rc) == ("SKIPPED", 0)
        assert done.why == "fetching prices on the nas: prices_from is 'pc': that side fetches"
    assert not house.data.exists()


def test_where_nobody_has_newer_prices_it_is_tried_again_and_told_once(house: House) -> None:
    assert ran(house, "ingest_eod", *WORDS[:4], "--date", str(YESTERDAY)).rc == 0
    house.exchange.until = YESTERDAY
    for _ in range(2):
        done = ran(house, "ingest_eod", *WORDS)
        assert (done.word, done.rc, done.told) == ("LATER", 2, True)
    assert len(house.outages()) == 1


def test_a_day_that_stays_old_is_one_notice_and_not_the_runners_too(house: House) -> None:
    assert ran(house, "ingest_eod", *WORDS[:4], "--date", str(YESTERDAY)).rc == 0
    house.exchange.until = YESTERDAY
    done = house.machine.run("nas", "run", "ingest_eod", "--guard", "none", "--retry-max", "0", "--", *WORDS, seconds=60)
    assert done.rc == 2, done.err
    assert "[JOB_PUT_OFF] rc=2" in done.err
    assert [one for one in house.slack.channel() if "Put Off" in one] == []
    assert len(house.outages()) == 1


def test_where_nothing_can_be_written_it_fails_with_3_and_is_told_once(house: House) -> None:
    (house.data / "prices").mkdir(parents=True)
    (house.data / "prices" / "local").write_text("a file in the folder's place", encoding="utf-8")
    done = ran(house, "ingest_eod", *WORDS)
    assert (done.word, done.rc, done.told) == ("FAILED", 3, True)
    assert len(house.outages()) == 1


HOLDS = """
import sys
from pathlib import Path
from shared.lock import only_one
with only_one(Path(sys.argv[1])) as alone:
    print(alone, flush=True)
    sys.stdin.read()
"""


def test_while_somebody_else_fetches_it_is_a_skip(house: House) -> None:
    lock = house.data / "locks" / "ingest"
    lock.parent.mkdir(parents=True)
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": HOME}
    with subprocess.Popen([sys.executable, "-c", HOLDS, str(lock)], **pipes) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        done = ran(house, "ingest_eod", *WORDS)
        other.communicate("", timeout=30)
    assert (done.word, done.code) == ("SKIPPED", "E-PRICES-BUSY")
    assert house.outages() == []


def test_a_slip_is_refused_and_left_to_the_runner_to_tell(house: House) -> None:
    done = ran(house, "ingest_eod", "--universe", "KOR_ETF_COR", "--date", str(TODAY))
    assert (done.word, done.told) == ("FAILED", False)
    assert "KOR_ETF_CORE" in done.fix


def test_a_dry_run_names_the_session_and_asks_nobody(house: House) -> None:
    done = ran(house, "ingest_eod", dry=True)
    assert done.facts == {"day": str(TODAY), "side": "nas"}
    assert ran(house, "precache", dry=True).facts["day"] == str(TODAY)
    assert not house.data.exists()


def test_precache_brings_the_benchmarks_and_says_which_are_not_there(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Exchange(("KOSPI", "KOSDAQ"), TODAY - timedelta(days=20), TODAY).open(monkeypatch):
        house.sources.write_text("benchmarks:\n  KOSPI: {providers: [naver]}\n", encoding="utf-8")
        assert ran(house, "precache", "--jitter", "0", "--limit", "9")[:2] == ("OK", 0)
        assert "[OK] KOSPI" in capsys.readouterr().err
        house.sources.write_text("benchmarks:\n  NOBODYS: {providers: [naver]}\n", encoding="utf-8")
        done = ran(house, "precache", "--jitter", "0", "--limit", "9")
    assert (done.word, done.rc, done.told) == ("LATER", 2, True)
    assert "[WARN] NOBODYS failed" in capsys.readouterr().err
