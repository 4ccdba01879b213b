"""How doctor asks and tells: everything at once, nothing waited for too long, one line each, three ways to end."""

from __future__ import annotations

import json
import threading
import time
from typing import Any, Dict, List

import pytest

from shared import checkup
from shared.checkup import Plan, examine, examine_all, examine_and_tell
from shared.found import BAD, OK, WARN, Check, Found
from shared.sayings import called, say
from shared.text import Text

FINE = Found("names", OK, Text("좋음", "fine"))
UNKNOWN = Found("sleep", WARN, Text("모름", "cannot be told"))
TO_MEND = Found("font", WARN, Text("없음", "none"), Text("설치", "install one"))
BROKEN = Found("rename", BAD, Text("안 됨", "broken"), Text("고침", "mend it"))


def plan(*found: Found, **more: Check) -> Plan:
    """A side whose share is there and where just this is found."""
    checks: Dict[str, Check] = {one.check: (lambda one=one: one) for one in found}  # type: ignore[misc]
    return Plan("nas", lambda: FINE, {**checks, **more}, {}, {})


def hanging() -> Found:
    """A call to a share that never returns."""
    threading.Event().wait(60)
    return FINE


@pytest.mark.parametrize(
    ("found", "rc", "word"), [([FINE, UNKNOWN], 0, "OK"), ([FINE, TO_MEND], 2, "WARN"), ([TO_MEND, BROKEN], 3, "BAD")]
)
def test_it_ends_with_zero_two_or_three(found: List[Found], rc: int, word: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A warning that only cannot tell wants nobody's hand."""
    assert examine_and_tell(plan(*found), "en", as_json=False) == rc
    last = capsys.readouterr().out.splitlines()[-1]
    counts = [sum(one.verdict == verdict for one in found) for verdict in (WARN, BAD)]
    assert last.startswith(f"{word} checks={len(found) + 1} warnings={counts[0]} bad={counts[1]} elapsed=")
    assert last.endswith("ms")


def test_each_check_is_one_line_and_its_remedy_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    examine_and_tell(plan(FINE, TO_MEND, BROKEN), "en", as_json=False)
    assert capsys.readouterr().out.splitlines()[:-1] == [
        "✓ share: fine",
        "✓ file names: fine",
        "! Hangul font: none",
        "    install one",
        "✗ rename: broken",
        "    mend it",
    ]


def test_it_speaks_korean_where_the_setting_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    examine_and_tell(plan(TO_MEND), "ko", as_json=False)
    assert "! 한글 글꼴: 없음\n    설치\n" in capsys.readouterr().out


def test_as_json_it_is_one_document_and_the_closing_line_is_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert examine_and_tell(plan(TO_MEND), "en", as_json=True) == 2
    told = capsys.readouterr()
    document: Dict[str, Any] = json.loads(told.out)
    assert (document["side"], document["rc"]) == ("nas", 2)
    assert document["checks"][1] == {"check": "font", "verdict": "warn", "said": "none", "fix": "install one"}
    assert told.err.startswith("WARN checks=2 ")


def test_a_check_that_raises_could_not_tell_and_says_why() -> None:
    def broken() -> Found:
        raise PermissionError(13, "Permission denied")

    [found] = examine({"space": broken}, 5.0)
    assert (found.check, found.verdict, found.wants_a_hand) == ("space", WARN, False)
    assert "PermissionError" in found.said.en
    assert "Permission denied" in found.said.ko


def test_a_check_that_hangs_is_left_behind_and_the_others_are_told() -> None:
    began = time.monotonic()
    found = examine({"clock": hanging, "names": lambda: FINE}, 0.2)
    assert time.monotonic() - began < 2.0
    assert [(one.check, one.verdict) for one in found] == [("clock", WARN), ("names", OK)]
    assert "no answer within 0.2 s" in found[0].said.en


def test_a_share_that_hangs_is_bad_and_nothing_more_is_asked_of_it() -> None:
    asked: List[str] = []
    whole = Plan("nas", hanging, {"rename": lambda: asked.append("rename") or FINE}, {"space": lambda: FINE}, {})  # type: ignore[func-returns-value]
    began = time.monotonic()
    found = examine_all(whole)
    assert time.monotonic() - began < checkup.SECONDS
    assert [(one.check, one.verdict) for one in found] == [("share", BAD), ("space", OK)]
    assert asked == []


def test_all_together_never_take_longer_than_the_three_seconds_allow() -> None:
    began = time.monotonic()
    found = examine_all(plan(names=hanging, rename=hanging, flush=hanging, clock=hanging))
    assert time.monotonic() - began < 3.0
    assert [one.verdict for one in found] == [OK, WARN, WARN, WARN, WARN]


def test_a_sentence_is_filled_in_both_languages() -> None:
    said = say("space_ok", name="/", free="1 GB", inodes=say("no_limit"))
    assert (said.ko, said.en) == ("/ 1 GB, inode 제한 없음", "/ 1 GB, unlimited inodes")
    assert called("font", "ko") == "한글 글꼴"
