"""The NAS's commands while the share is not mounted, and what a person may type as an id."""

from __future__ import annotations

from pathlib import Path

import pytest

from nas.__main__ import main
from tests.harness.road import Road


@pytest.mark.parametrize(
    "words",
    [["pause", "maintenance"], ["resume"], ["status"], ["show", "@latest"], ["retry", "x"], ["cancel", "x"]],
    ids=lambda words: words[0],
)
def test_a_folder_that_is_away_is_no_empty_one(
    words: "list[str]", tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An operator who pauses must not believe it was done, and nothing is made where the share should be."""
    (tmp_path / "mount").mkdir()
    monkeypatch.setenv("RELAY_REPORTS", str(tmp_path / "mount" / "reports"))
    assert main(words) == 3
    assert "E-SHARE-UNREACHABLE" in capsys.readouterr().err
    assert list((tmp_path / "mount").iterdir()) == []


@pytest.mark.parametrize("typed", ["../outside", "..", "/etc", "a/../b", "x\x00y", "", "ID", "x" * 300])
@pytest.mark.parametrize("command", ["show", "cancel", "retry"])
def test_what_is_no_id_is_never_a_path(
    command: str, typed: str, road: Road, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`../outside` holds a manifest, and is none of our answers."""
    outside = road.root / "outside"
    outside.mkdir()
    (outside / "manifest.json").write_text('{"status": "SUCCEEDED", "files": []}')
    monkeypatch.setenv("RELAY_REPORTS", str(road.root))
    before = sorted(road.root.rglob("*"))
    assert main([command, typed]) == 1
    assert "E-REQUEST-NOT-FOUND" in capsys.readouterr().err
    assert sorted(road.root.rglob("*")) == before


def test_a_request_in_utf_16_can_be_retried(
    road: Road, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As PowerShell writes it."""
    answer = road.outbox.done / "x"
    answer.mkdir()
    (answer / "manifest.json").write_text('{"status": "FAILED", "request_sha256": "", "files": []}')
    (answer / "request.json").write_bytes('{"strategy": "krx_ma200"}'.encode("utf-16"))
    monkeypatch.setenv("RELAY_REPORTS", str(road.root))
    assert main(["retry", "x"]) == 0
    assert capsys.readouterr().out.strip() in next(road.inbox.pending.iterdir()).name
