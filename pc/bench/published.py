"""What becomes of an answer on the NAS: published with its notice, and notices told.

It exists because `publish` is called once a minute from nothing, and a job that tells must not wait for what it tells.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pc.bench.measure import (
    Goal,
    Measured,
    Scale,
    environment_of,
    folder_on_disk,
    interleaved,
    medians,
    python,
    ratio,
    seconds_of,
    seconds_of_program,
    settings_in,
)
from pc.bench.two_sides import make_folders, own_folders
from shared.config import HOME, Settings
from shared.market import write_prices
from shared.market.providers import synthetic
from shared.notices import Notice, open_post, tell

_REFERENCE = "import pydantic, yaml"
_NOTICES_SECONDS = 1.0


def publish_one(scale: Scale, wanted: Path) -> Measured:
    """`python -m nas publish` with one new answer, in turn with a process that only imports pydantic and yaml."""
    with folder_on_disk(wanted) as root:
        settings = settings_in(root, prices="local")
        env = {**environment_of(settings), **own_folders(root)}
        answers = _answered(root, settings, env, scale.starts + 2)
        seconds_of_program(python("-m", "nas", "publish"), env, HOME)

        def ours() -> float:
            _bring_in(next(answers), settings)
            return seconds_of_program(python("-m", "nas", "publish"), env, HOME)

        reference = python("-c", _REFERENCE)
        ways: dict[str, Callable[[], float]] = {"the imports": lambda: seconds_of_program(reference, env), "nas publish": ours}
        found = interleaved(scale.starts, ways)
        published = len(list((settings.reports / "published").iterdir()))
        assert published == scale.starts + 1, f"{published} of {scale.starts + 1} answers were published"
    goals = [Goal("of importing pydantic and yaml", ratio(found, "nas publish", "the imports"), 2.0)]
    return Measured(goals, {f"{name}, ms": round(seconds * 1000, 1) for name, seconds in medians(found).items()})


def notices_told(scale: Scale, wanted: Path) -> Measured:
    """Each of an identity of its own, and on the platter before the next one is told."""
    with folder_on_disk(wanted) as root:
        numbers = itertools.count()

        def once() -> float:
            settings = settings_in(root, data=root / f"data-{next(numbers)}", private=root / "private")
            post = open_post(settings, {})
            notices = [_notice(number) for number in range(scale.notices)]
            return seconds_of(lambda: [tell(post, notice) for notice in notices])

        seconds = medians(interleaved(scale.rounds, {"told": once}))["told"]
    each = round(seconds / scale.notices * 1e6)
    return Measured([Goal(f"{scale.notices:,} notices", seconds, _NOTICES_SECONDS, unit=" s")], {"each, µs": each})


def _notice(number: int) -> Notice:
    told = {"개별": "069500", "기간": "2020-01-02 – 2024-12-30", "CAGR": "12.4 %", "MDD": "-18.2 %", "Sharpe": "0.91"}
    return Notice(
        event="BACKTEST_COMPLETED",
        level="INFO",
        title="백테스트 완료 · krx_ma200",
        identity=f"20261120-{number:06d}-bench/run",
        subject="krx_ma200",
        facts=told,
        context=f"20261120-{number:06d}-bench",
    )


def _answered(root: Path, settings: Settings, env: dict[str, str], count: int) -> "itertools.chain[Path]":
    """Real answers of a real worker to small requests, kept where nobody publishes them."""
    made = settings.model_copy(update={"reports": root / "made"})
    prices = replace(synthetic.make_prices(), synthetic=False, provider="bench")
    write_prices(settings.data / "prices" / "local", prices)
    for folder in (made.reports, settings.reports):
        make_folders(folder)
    for number in range(count):
        content = f'{{"request_id": "bench-{number}", "strategy": "krx_ma200", "start": "2020-01-01", "end": "2024-12-31"}}'
        (made.reports / "pending" / f"bench-{number}.json").write_text(content)
    seconds_of_program(python("-m", "pc", "drain"), {**env, "RELAY_REPORTS": str(made.reports)}, HOME)
    answers = sorted((made.reports / "done").iterdir())
    assert len(answers) == count, f"{len(answers)} of {count} requests were answered"
    return itertools.chain(answers)


def _bring_in(answer: Path, settings: Settings) -> None:
    """As a sync does it: by one rename."""
    os.rename(answer, settings.reports / "done" / answer.name)
