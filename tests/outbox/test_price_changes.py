"""Which prices changed between two answers: by symbol and month, and since when."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

import pytest

from outbox.price_changes import EVER, price_changes


def read(since: str = "2024-10", hashes: str = "aabb", last: str = "2025-01-15", **more: Any) -> Dict[str, Any]:
    """A symbol; one letter a month."""
    months = {"from": since, "hashes": "".join(one * 8 for one in hashes)}
    return {"first": "2016-01-04", "last": last, "rows": 2485, "months": months, **more}


def version(fingerprint: str, **symbols: Dict[str, Any]) -> Dict[str, Any]:
    return {"fingerprint": fingerprint, "symbols": symbols}


def changed(a: Dict[str, Any], b: Dict[str, Any]) -> Optional[List[str]]:
    [change] = price_changes(version("f", X=a), version("g", X=b))
    return change.months


def test_one_version_of_the_prices_is_not_looked_into() -> None:
    assert price_changes(version("f", X=read(hashes="aa")), version("f", X=read(hashes="bb"))) == []


def test_another_version_with_the_same_months_changed_nothing_that_was_read() -> None:
    assert price_changes(version("f", X=read()), version("g", X=read())) == []


def test_a_month_with_another_hash_is_revised() -> None:
    assert changed(read(hashes="abcd"), read(hashes="axcy")) == ["2024-11", "2025-01"]


@pytest.mark.parametrize(("hashes", "revised"), [("abcxe", []), ("aycxe", ["2024-11"])], ids=["grown only", "and revised"])
def test_the_month_in_which_the_shorter_one_ends_may_only_have_grown(hashes: str, revised: List[str]) -> None:
    longer = read(hashes=hashes, last="2025-02-03")
    assert changed(read(hashes="abcd"), longer) == changed(longer, read(hashes="abcd")) == revised


def test_the_month_in_which_both_end_is_revised() -> None:
    assert changed(read(hashes="abcd"), read(hashes="abcx")) == ["2025-01"]


@pytest.mark.parametrize(
    ("a", "b", "since"),
    [
        (read(hashes="abcd"), read(hashes="abcde", last="2025-02-03"), "2025-02-01"),
        (read(hashes="abcd"), read(hashes="abcx", last="2025-01-20"), "2025-01-01"),
        (read(hashes="abcd"), read(hashes="abxd"), "2024-12-01"),
        (read(hashes="abcd"), read(since="2024-09", hashes="zabcd", first="2015-01-02"), "2024-09-01"),
        (read(hashes="abcd"), read(months=None), EVER),
    ],
    ids=["a month more", "days more", "revised", "history more", "not known"],
)
def test_it_is_known_since_when_a_price_may_be_another(a: Dict[str, Any], b: Dict[str, Any], since: str) -> None:
    [change] = price_changes(version("f", X=a), version("g", X=b))
    assert change.since == since


def test_a_symbol_that_begins_or_ends_elsewhere_says_so() -> None:
    [change] = price_changes(version("f", X=read()), version("g", X=read(hashes="aabbc", last="2025-02-03", first="2015-01-02")))
    assert (change.first, change.last) == (["2016-01-04", "2015-01-02"], ["2025-01-15", "2025-02-03"])


def test_a_symbol_that_only_one_of_them_read_is_named() -> None:
    found = price_changes(version("f", X=read(), Y=read()), version("g", X=read(), Z=read()))
    assert [(one.symbol, one.only, one.months) for one in found] == [("Y", "a", []), ("Z", "b", [])]


@pytest.mark.parametrize(
    "months",
    [
        None,
        {},
        {"from": "2024-13", "hashes": ""},
        {"from": "2024-10", "hashes": "abc"},
        {"from": 5, "hashes": "a" * 8},
        "2024-10",
    ],
)
def test_where_an_answer_names_no_months_it_is_not_known_which(months: Any) -> None:
    assert changed(read(), read(months=months)) is None


def test_a_symbol_without_a_price_has_no_months_and_that_is_known() -> None:
    empty = {"first": None, "last": None, "rows": 0, "months": {"from": "", "hashes": ""}}
    assert price_changes(version("f", X=empty), version("g", X=empty)) == []
    assert changed(empty, read()) == []


def test_months_go_over_the_end_of_a_year() -> None:
    assert changed(read(since="2023-11", hashes="abcd"), read(since="2023-11", hashes="abxd")) == ["2024-01"]


@pytest.mark.parametrize("odd", [{}, {"symbols": []}, {"symbols": {"X": 1}}, {"fingerprint": 3, "symbols": None}])
def test_data_of_anybodys_breaks_nothing(odd: Dict[str, Any]) -> None:
    assert price_changes(odd, odd) == []
