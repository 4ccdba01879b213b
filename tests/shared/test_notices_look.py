"""How every notice looks, to the letter: text, plain text and blocks, in Korean and English, within what Slack takes."""

from __future__ import annotations

import json
from typing import Any, Dict, Iterator, Tuple

import pytest

from shared.notices import Letter
from tests.harness.sample_notices import FOLDER, letters, look_of

ALL: Dict[Tuple[str, str], Letter] = {
    (name, language): one for language in ("ko", "en") for name, one in letters(language).items()
}


@pytest.mark.parametrize(("name", "language"), list(ALL))
def test_a_notice_looks_as_its_file_says(name: str, language: str) -> None:
    """Written again by `python -m tests.harness.sample_notices`; the diff is what people will see."""
    kept = json.loads((FOLDER / f"{name}.{language}.json").read_text(encoding="utf-8"))
    assert look_of(ALL[name, language]) == kept


def test_there_is_no_file_of_a_notice_that_is_no_more() -> None:
    """Whoever reads the folder reads what is sent."""
    assert {file.name for file in FOLDER.glob("*.json")} == {f"{name}.{language}.json" for name, language in ALL}


@pytest.mark.parametrize(("name", "language"), list(ALL))
def test_a_notice_keeps_within_what_slack_takes(name: str, language: str) -> None:
    """Else the whole message is refused, and the worst day is the one nobody hears of."""
    look = look_of(ALL[name, language])
    assert 0 < len(look["text"]) <= 150
    assert len("\n".join(look["plain"])) <= 3500
    assert len(look["blocks"]) <= 50
    for block in look["blocks"]:
        assert len(block.get("fields", [])) <= 10
        limit = {"header": 150, "section": 2000 if "fields" in block else 3000, "context": 3000}[block["type"]]
        for text in _texts(block):
            assert 0 < len(text["text"]) <= limit


def test_what_a_notice_holds_calls_nobody_and_links_nowhere() -> None:
    """`<!channel>` in an error text must not wake the house; what is not text for Slack to read is plain."""
    blocks = look_of(ALL["hostile", "ko"])["blocks"]
    read = [text["text"] for block in blocks for text in _texts(block) if text["type"] == "mrkdwn"]
    assert not [text for text in read if "<" in text or ">" in text]
    assert all(text.count("```") in (0, 2) for text in read)


def test_a_mention_calls_whom_it_names() -> None:
    """The one sign of Slack's that is meant."""
    told = [look_of(ALL[name, "ko"])["blocks"][0]["text"]["text"] for name in ("warning-mentioned", "error-member-called")]
    assert [text.split()[0] for text in told] == ["<!here>", "<@U012AB3CD>"]


def test_a_failure_says_what_why_and_what_to_do_with_three_lines_of_the_log() -> None:
    """Header, one sentence, the exact command, the end of the log, whose attempt it was."""
    header, sentence, fix, log, context = look_of(ALL["failed", "ko"])["blocks"]
    assert header["text"]["text"] == "❌ 백테스트 실패 · momentum_topN_v1"
    assert "E-DATA-MISSING" in sentence["text"]["text"]
    assert fix["text"]["text"] == "*조치*\n`python -m nas retry bt-7f3a`"
    assert log["text"]["text"].count("\n") == 2
    assert "attempt 2/3" in context["elements"][0]["text"]


def test_the_headline_is_the_one_the_operators_know() -> None:
    """`[LEVEL] Title — cause (date)`."""
    assert look_of(ALL["warning", "ko"])["text"] == "[WARNING] KRX Ingest Failed — pykrx Timeout (2025-10-24)"
    assert look_of(ALL["warning", "ko"])["blocks"][0]["text"]["text"] == look_of(ALL["warning", "ko"])["text"]


def _texts(node: Any) -> Iterator[Dict[str, str]]:
    """Every text object within."""
    if isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node
        for one in node.values():
            yield from _texts(one)
    elif isinstance(node, list):
        for one in node:
            yield from _texts(one)
