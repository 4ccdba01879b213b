"""A report that is forwarded without its folder says whose it is: the answer's id, the money, the costs and the code."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from shared.errors import StrategyUnknown
from shared.outcome import called
from tests.harness.road import SMALL, Road


def report_of(road: Road, request_id: str) -> str:
    return (road.outbox.done / request_id / "report.txt").read_text(encoding="utf-8")


def test_a_report_says_whose_it_is_with_what_money_and_by_which_code(road: Road) -> None:
    """Also where the request had no id of its own."""
    road.drop("momentum.json", {**SMALL, "capital": 50_000_000, "costs": {"commission_bps": 1.5}})
    assert road.drain() == 0
    [request_id] = road.answers()

    told, digest = report_of(road, request_id), road.manifest(request_id)["code"]["strategy_sha256"]

    assert request_id.startswith("momentum~")
    for row in (f"요청 +{request_id}", "자본 +50,000,000원", "거래 비용률 +수수료 1.5 bps, 슬리피지 5 bps"):
        assert re.search(rf"^  {row}$", told, re.MULTILINE), row
    assert re.search(rf"^  코드 +krx-relay \S.* · krx_ma200 {digest[:8]}$", told, re.MULTILINE)


@pytest.mark.parametrize(("language", "word"), [("ko", "거절"), ("en", "rejected")])
def test_the_report_of_a_refusal_names_its_id_and_speaks_the_language_of_the_setting(
    new_road: Callable[..., Road], language: str, word: str
) -> None:
    road = new_road(language=language)
    road.submit(request_id="typo", strategy="krx_ma20")
    assert road.drain() == 1

    first, second = report_of(road, "typo").splitlines()

    assert first == f"{word}  typo  {StrategyUnknown.code}"
    assert "did you mean 'krx_ma200'?" in second


def test_so_does_the_report_of_what_was_cancelled(road: Road) -> None:
    road.drop("mine.cancel", b"no longer needed")
    assert road.drain() == 0

    assert report_of(road, "mine").startswith(f"{called('CANCELLED', 'ko')}  mine  E-CANCELLED\n")
