"""What may be an id, and what everything else becomes: the name of a folder on every system."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import inbox
from inbox import asked_from, conflict_id, is_id, safe_id
from inbox.ids import LONGEST, id_without_request_id, new_id, without_conflict
from shared import clock

NOON = 1_780_000_000.0
DAY = 86_400.0
SMALL = b'{"strategy": "krx_ma200"}'


@pytest.mark.parametrize(
    "text", ["a", "20261120t091203123-krx_ma200-a1b2c3", "한글-요청", "a.b_c-d~e", "0", "_", "-", "a" * LONGEST]
)
def test_a_plain_name_is_its_own_id(text: str) -> None:
    assert is_id(text)
    assert safe_id(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "../../etc/passwd",
        "/etc/passwd",
        "a/b",
        "a\\b",
        "C:\\x",
        "a b",
        "ABC",
        "a\x00b",
        "a\nb",
        "…",
        "😀",
        "~a",
        ".hidden",
        "a.",
        "con",
        "con.txt",
        "aux.",
        "nul",
        "com1",
        "com0.json",
        "lpt9.a.b",
        "x" * 81,
        "가" * 27,
        "\ud800",
        "ß",
        "é",
    ],
)
def test_anything_else_becomes_a_slug_with_a_part_of_its_hash(text: str) -> None:
    made = safe_id(text)
    assert not is_id(text)
    assert is_id(made), made
    assert made[-9] == "~"
    assert safe_id(text) == made


@given(st.text(alphabet=st.characters(codec=None)), st.text(alphabet=st.characters(codec=None)))
def test_two_names_never_share_an_id(one: str, other: str) -> None:
    same = unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
    assert (safe_id(one) == safe_id(other)) == same


@given(st.one_of(st.text(), st.from_regex(r"(con|aux|nul|com1)[.\- ~A-Z]{0,3}[a-z]{0,3}", fullmatch=True)), st.binary(max_size=4))
def test_every_id_that_is_made_is_one(text: str, data: bytes) -> None:
    digest = inbox.asked_from(data, 0.0, "x").digest
    for made in (
        safe_id(text),
        conflict_id(safe_id(text), digest),
        id_without_request_id(text, NOON, data),
        new_id(text, clock.now()),
    ):
        assert is_id(made), made
        assert not set(made) & set('/\\:*?"<>|\0 '), made


def test_one_name_in_two_normal_forms_is_one_id() -> None:
    composed, decomposed = unicodedata.normalize("NFC", "모멘텀"), unicodedata.normalize("NFD", "모멘텀")
    assert composed != decomposed
    assert safe_id(composed) == safe_id(decomposed) == composed


def test_names_that_differ_only_in_case_are_two_ids_on_every_file_system() -> None:
    ids = {safe_id(text) for text in ("momentum", "Momentum", "MOMENTUM")}
    assert len(ids) == len({made.lower() for made in ids}) == 3


def test_our_ids_begin_with_the_time_in_utc_and_differ() -> None:
    moment = clock.at(NOON)
    made = {new_id("krx_ma200", moment) for _ in range(50)}
    assert len(made) == 50
    assert all(name.startswith(f"{clock.stamp(moment)}-krx_ma200-") for name in made)


def test_tomorrows_file_of_the_same_name_is_a_new_request() -> None:
    today = asked_from(SMALL, NOON, "momentum")
    assert today.request_id == asked_from(SMALL, NOON + 60, "momentum").request_id
    assert today.request_id != asked_from(SMALL, NOON + DAY, "momentum").request_id
    assert today.request_id.startswith("momentum~2026-05-29~")


def test_the_day_of_a_file_is_the_korean_one() -> None:
    before, after = 1_779_980_399.0, 1_779_980_400.0  # midnight in Seoul, afternoon in Greenwich
    assert asked_from(SMALL, before, "x").request_id.split("~")[1] == "2026-05-28"
    assert asked_from(SMALL, after, "x").request_id.split("~")[1] == "2026-05-29"


def test_a_corrected_file_of_the_same_name_is_a_new_request() -> None:
    broken, mended = asked_from(b'{"strategy": ', NOON, "broken"), asked_from(SMALL, NOON, "broken")
    assert broken.request_id != mended.request_id
    assert {one.request_id.split("~")[0] for one in (broken, mended)} == {"broken"}


@pytest.mark.parametrize(
    "copy",
    [
        "momentum.sync-conflict-20261120-181203-ABCDEF7",
        "momentum.sync-conflict-20261120-181203",
        "momentum_Conflict",
        "momentum_NAS_Nov-20-1812-2026_Conflict",
        "momentum (conflicted copy 2026-11-20)",
        "momentum (Kim's conflicted copy 2026-11-20)",
        "momentum (PC's conflicted copy 2026-11-20 181203)",
        "momentum_conflict copy",
    ],
)
def test_a_conflict_copy_of_the_same_content_is_the_same_request(copy: str) -> None:
    assert asked_from(SMALL, NOON, copy).request_id == asked_from(SMALL, NOON, "momentum").request_id


@pytest.mark.parametrize("stem", ["momentum", "conflict", "a-b", "region (kr)", "momentum-2026"])
def test_an_ordinary_stem_is_left_whole(stem: str) -> None:
    assert without_conflict(stem) == stem


def test_a_given_back_file_without_an_id_inside_keeps_the_id_it_had() -> None:
    first = asked_from(SMALL, NOON, "momentum").request_id
    assert asked_from(SMALL, NOON + 9 * DAY, f"{first}.3-00c0ffee.back").request_id == first


def test_the_id_inside_wins_over_the_name_outside() -> None:
    asked = asked_from(b'{"strategy": "krx_ma200", "request_id": "mine"}', NOON, "other")
    assert asked.request_id == "mine"


@pytest.mark.parametrize("blank", [None, "", "   "])
def test_a_blank_request_id_is_none(blank: object) -> None:
    import json

    data = json.dumps({"strategy": "krx_ma200", "request_id": blank}).encode()
    assert asked_from(data, NOON, "stem").request_id.startswith("stem~2026-05-29~")
