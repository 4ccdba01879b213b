"""docs/job-outcomes.md, row by row and column by column: each day is made, and each job is started on it as cron does."""

from __future__ import annotations

import contextlib
import re
import shutil
import sys
from datetime import date
from pathlib import Path
from typing import Dict, Iterator, List

import pytest

from shared.catalog import Catalog
from shared.config import HOME
from tests.harness.checkout import checkout, repository
from tests.harness.dose import one_in
from tests.harness.exchange import Exchange
from tests.harness.kinds_of_day import BEFORE, CODES, FIRST, KINDS, SOURCES, WITHOUT_THE_DAY, Nas
from tests.harness.slack_server import SlackServer
from tests.harness.typed import FRIDAY

TODAY = date.fromisoformat(FRIDAY)
ASKS_GIT = ("update_from_git", "healthcheck")
PAGE = HOME / "docs" / "job-outcomes.md"
pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="prices are fetched by a Python 3.11")


def _rows() -> List[List[str]]:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if not set(line) <= set("|- ")]


HEAD, *ROWS = _rows()
TABLE: Dict[str, Dict[str, str]] = {row[0].strip("`"): dict(zip(HEAD[1:], row[1:])) for row in ROWS}
CELLS = [(job, kind) for job, cells in TABLE.items() for kind in cells]
TRIED = one_in(6, CELLS)  # others for other code; a thorough check tries all of them


@pytest.fixture(scope="module")
def evenings(tmp_path_factory: pytest.TempPathFactory) -> Dict[date, Path]:
    """A NAS after Thursday's evening, and one after Friday's, both of which ended well."""
    folder = tmp_path_factory.mktemp("evenings")
    thursday, friday = folder / "thursday", folder / "friday"
    with pytest.MonkeyPatch.context() as surroundings, SlackServer() as slack:
        exchange = Exchange(("KOSPI", *CODES), FIRST, TODAY)
        with exchange.open(surroundings):
            first = Nas(_furnished(thursday), exchange, slack)
            assert first.typed("init").returncode == 0
            for day in (date(2026, 11, 18), BEFORE):  # of the first the table of closes is there as well
                first.fetches(day)
            shutil.copytree(thursday, friday, symlinks=True)
            Nas(friday, exchange, slack).fetches(TODAY)
    return {BEFORE: thursday, TODAY: friday}


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository a checkout follows."""
    return repository(tmp_path_factory.mktemp("origin"))


def _furnished(root: Path) -> Path:
    (root / "private").mkdir(parents=True, mode=0o700)
    (root / "archive").mkdir()
    (root / "private" / "watchlist.yaml").write_text("['069500', '229200']\n", encoding="utf-8")
    (root / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    return root


@contextlib.contextmanager
def on(kind: str, job: str, evenings: Dict[date, Path], folder: Path) -> Iterator[Nas]:
    """As it stands when that job is due on such a day: before Friday's prices were fetched, where it is to fetch them. The
    checkout is cloned where git is asked for something."""
    is_before = kind in WITHOUT_THE_DAY or job == "ingest_eod"
    root = folder / "nas"
    shutil.copytree(evenings[BEFORE if is_before else TODAY], root, symlinks=True)
    exchange = Exchange(("KOSPI", *CODES), FIRST, TODAY)
    with SlackServer() as slack, pytest.MonkeyPatch.context() as surroundings, exchange.open(surroundings):
        yield Nas(root, exchange, slack, folder / "checkout" if (folder / "checkout").is_dir() else HOME)


def test_the_table_has_every_job_and_every_kind_of_day() -> None:
    assert set(TABLE) == set(Catalog("nas.jobs").names())
    assert all(list(cells) == list(KINDS) for cells in TABLE.values())


@pytest.mark.parametrize(("job", "kind"), TRIED, ids=[f"{job}, {kind}" for job, kind in TRIED])
def test_a_job_ends_on_each_kind_of_day_as_the_table_says(
    job: str, kind: str, evenings: Dict[date, Path], there: Path, tmp_path: Path
) -> None:
    said = re.sub(r"\s*\(.*\)", "", TABLE[job][kind])
    if job in ASKS_GIT:
        checkout(there, tmp_path / "checkout")
    with on(kind, job, evenings, tmp_path) as nas:
        assert KINDS[kind](nas, job) == said
