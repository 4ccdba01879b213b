"""The NAS's commands while the share is not mounted, and what a person may type as an id."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nas.__main__ import main
from shared.config import HOME
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


@pytest.mark.parametrize("reports", ["link/reports", "missing/deep/reports"])
def test_a_queue_is_made_by_init_alone_or_says_why_not(
    reports: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A misspelt or unmounted share must not take a request that no worker will ever see; a link to nowhere cannot be made."""
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    monkeypatch.setenv("RELAY_REPORTS", str(tmp_path / reports))
    away = reports.startswith("link")
    assert main(["submit", "krx_ma200"]) == 3
    assert "E-SHARE-UNREACHABLE" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [tmp_path / "link"]
    assert main(["init"]) == (3 if away else 0)
    assert main(["submit", "krx_ma200"]) == (3 if away else 0)


def test_where_nobody_named_a_folder_submit_makes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh checkout needs no preparation."""
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "relay.yaml").write_text("prices: synthetic\n", encoding="utf-8")
    monkeypatch.setenv("RELAY_CONFIG", str(tmp_path / "configs" / "relay.yaml"))
    assert main(["submit", "krx_ma200"]) == 0
    assert len(list((tmp_path / "reports" / "pending").glob("*.json"))) == 1


def test_the_same_id_for_another_request_is_refused_and_for_the_same_says_so(
    road: Road, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody is handed the answer to other parameters."""
    monkeypatch.setenv("RELAY_REPORTS", str(road.root))
    asked = ["submit", "krx_ma200", "--id", "mine", "--no-charts"]
    assert main([*asked, "--set", "window=100"]) == 0
    road.drain()
    capsys.readouterr()
    assert main([*asked, "--set", "window=77", "--wait"]) == 1
    assert "E-REQUEST-CONFLICT" in capsys.readouterr().err
    assert main([*asked, "--set", "window=100"]) == 0
    said = capsys.readouterr()
    assert (said.out.strip(), "REQUEST_ANSWERED_ALREADY" in said.err) == ("mine", True)
    assert list(road.inbox.pending.iterdir()) == []


def test_a_request_without_an_answer_is_not_retried(
    road: Road, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It would be asked twice."""
    monkeypatch.setenv("RELAY_REPORTS", str(road.root))
    request_id = road.submit()
    assert main(["retry", request_id]) == 1
    assert "it has no answer yet" in capsys.readouterr().err


def test_a_wish_to_cancel_is_seen_before_a_worker_sees_to_it(
    road: Road, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Else the operator cancels again and again."""
    monkeypatch.setenv("RELAY_REPORTS", str(road.root))
    request_id = road.submit()
    assert main(["cancel", request_id]) == 0
    capsys.readouterr()
    assert main(["status"]) == 0
    assert f"{request_id}  (취소 예정)" in capsys.readouterr().out
    assert main(["show", request_id]) == 0
    assert f"{request_id}  (취소 예정 · " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--symbols", ""], "it names nothing"),
        (["--symbols", "990010 990020"], "put a comma between"),
        (["--set", "window=10", "--set", "window=20"], "given twice"),
        (["--start", "2024-13-01"], "2024-13-01"),
    ],
)
def test_what_is_surely_a_slip_is_refused_at_once(
    words: "list[str]", said: str, road: Road, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not hours later on the PC."""
    monkeypatch.setenv("RELAY_REPORTS", str(road.root))
    assert main(["submit", "krx_ma200", *words]) in (1, 64)
    assert said in capsys.readouterr().err
    assert list(road.inbox.pending.iterdir()) == []


def test_a_reader_that_has_seen_enough_is_no_trouble(road: Road) -> None:
    """`nas status | head`: silence, and no word of the share."""
    environment = {**os.environ, "RELAY_REPORTS": str(road.root)}
    for _ in range(400):
        road.drop(f"{os.urandom(4).hex()}.json", {"strategy": "krx_ma200"})
    words = [sys.executable, "-c", "import sys; from nas.__main__ import main; sys.exit(main(['config', '--json']))"]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        program.stdout.close()
        assert program.stderr is not None
        assert program.stderr.read() == ""
    assert program.returncode == 0


def test_a_python_without_our_libraries_is_told_which_to_use(tmp_path: Path) -> None:
    """One line, no traceback."""
    words = [sys.executable, "-S", "-m", "nas", "status"]
    done = subprocess.run(
        words, cwd=HOME, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False, timeout=30
    )
    assert done.returncode == 3
    assert done.stderr.startswith("[E-PACKAGE-MISSING]")
    assert len(done.stderr.splitlines()) == 1
