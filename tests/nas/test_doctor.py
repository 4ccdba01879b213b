"""`python -m nas doctor` as it is typed: what it prints of a good queue and of a bad one, and how it ends."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from typing import Any, Dict, List

import pytest

import inbox
from nas.__main__ import main
from shared import clock
from tests.harness.answers import seal_bad
from tests.harness.road import Road
from tests.harness.slack_server import REFUSED, SlackServer

OF_THE_SHARE = ["folders", "exclusive", "rename", "flush", "names", "clock", "workers", "versions", "waiting", "litter"]
OF_THE_SHARE += ["conflicts", "events", "received", "answers", "published"]
OF_THE_MACHINE = [
    "own_folders",
    "space",
    "carrier",
    "sent",
    "prices",
    "calendar",
    "python",
    "packages",
    "slack",
    "code",
    "console",
    "sleep",
]
_LONG_AGO = "2020-01-01T00:00:00+09:00"
CLOSING = re.compile(r"(OK|WARN|BAD) checks=(\d+) warnings=(\d+) bad=(\d+) elapsed=(\d+)ms")


@pytest.fixture
def typed(road: Road, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """A command over the road's folder: its exit code and its lines."""
    folder = road.root.parent
    for name in ("reports", "data", "logs", "backtests", "archive", "private"):
        monkeypatch.setenv(f"RELAY_{name.upper()}", str(folder / name))
    (folder / "archive").mkdir(exist_ok=True)
    monkeypatch.setenv("RELAY_LANGUAGE", "en")

    def run(*words: str, **settings: str) -> Any:
        for name, value in settings.items():
            monkeypatch.setenv(f"RELAY_{name.upper()}", value)
        rc = main(["doctor", *words])
        return rc, capsys.readouterr().out.splitlines()

    return run


def checks_of(lines: List[str]) -> Dict[str, Any]:
    """The JSON document's checks by name."""
    return {one["check"]: one for one in json.loads(lines[0])["checks"]}


def test_a_good_queue_is_found_good_and_left_as_it_was(typed: Any, road: Road) -> None:
    before = sorted(road.root.rglob("*"))
    rc, lines = typed()
    closing = CLOSING.fullmatch(lines[-1])
    assert closing
    assert (rc, closing[1], closing[4]) == (0, "OK", "0"), lines
    assert int(closing[2]) == len(OF_THE_SHARE) + len(OF_THE_MACHINE) + 1
    assert int(closing[5]) < 3000
    assert f"✓ share: {road.root}" in lines
    assert sorted(road.root.rglob("*")) == before


def test_every_check_is_in_the_json_with_verdict_and_remedy(typed: Any) -> None:
    rc, lines = typed("--json")
    document = json.loads(lines[0])
    assert (rc, document["rc"], document["side"], len(lines)) == (0, 0, "nas", 1)
    assert [one["check"] for one in document["checks"]] == ["share", *OF_THE_SHARE, *OF_THE_MACHINE]
    assert all(set(one) == {"check", "verdict", "said", "fix"} and one["said"] for one in document["checks"])


def test_a_rejected_token_shows_in_doctor(typed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """To a person, to a program and by the exit code; the token itself to nobody."""
    with SlackServer() as slack:
        for name, value in slack.bot().items():
            monkeypatch.setenv(name, value)
        slack.then(REFUSED, REFUSED)
        rc, lines = typed()
        found = checks_of(typed("--json")[1])["slack"]
        assert slack.channel() == []
    assert (rc, found["verdict"], "nas notify test" in found["fix"]) == (2, "warn", True)
    assert [line[0] for line in lines if line.endswith(f": {found['said']}")] == ["!"]
    assert slack.bot()["SLACK_BOT_TOKEN"] not in "\n".join([*lines, str(found)])


def test_a_share_that_is_not_mounted_is_bad_and_nothing_is_made_there(typed: Any, road: Road) -> None:
    away = road.root.parent / "mount"
    away.mkdir()
    rc, lines = typed(reports=str(away))
    assert rc == 3
    assert lines[0].startswith(f"✗ share: no folder pending in {away}")
    assert "mount the share" in lines[1]
    assert not any("rename" in line for line in lines)
    assert list(away.iterdir()) == []


def test_what_wants_a_hand_ends_with_two_and_says_what_to_type(typed: Any, road: Road) -> None:
    road.submit()
    rc, lines = typed()
    at = lines.index("! waiting: 1, and no worker to take them")
    assert (rc, lines[at + 1].strip()) == (2, "on the PC: python -m pc watch")
    road.inbox.pending.chmod(0o777)
    checks = checks_of(typed("--json")[1])
    assert checks["folders"]["verdict"] == "warn"
    assert re.fullmatch(
        rf"sudo chown [\w-]+:[\w-]+ {road.inbox.pending} && sudo chmod 770 {road.inbox.pending}", checks["folders"]["fix"]
    )


def test_an_archive_that_was_named_and_is_not_there_is_told_before_prune_fails_over_it(typed: Any, road: Road) -> None:
    """Nobody else ever makes it: it may be a disk that is not mounted."""
    away = road.root.parent / "usb" / "archive"
    rc, lines = typed(archive=str(away))
    [place] = [number for number, one in enumerate(lines) if str(away) in one and one.startswith("!")]
    assert (rc, lines[place]) == (2, f"! own folders: there is no {away}")
    remedy = lines[place + 1].rpartition("make once: ")[2]
    assert remedy == f"mkdir -p {away}"
    os.makedirs(away)
    assert typed(archive=str(away))[0] == 0


def test_it_speaks_korean_by_default(typed: Any) -> None:
    lines = typed(language="ko")[1]
    assert any(line.startswith("✓ 공유 폴더: ") for line in lines)
    assert any(line.startswith("✓ 배타적 생성: ") for line in lines)


def test_a_round_trip_without_a_worker_is_told_at_once_and_sends_nothing(typed: Any, road: Road) -> None:
    rc, lines = typed("--round-trip")
    assert rc == 3
    assert "✗ round trip: nothing was sent: no worker lives" in lines
    assert list(road.inbox.pending.iterdir()) == []
    inbox.pause(road.inbox, "maintenance")
    rc, lines = typed("--round-trip")
    assert "! round trip: nothing was sent, the queue is paused: maintenance" in lines
    assert list(road.inbox.pending.iterdir()) == []


def test_what_a_killed_doctor_left_long_ago_is_swept_without_a_word(typed: Any, road: Road) -> None:
    old = road.inbox.claims / ".doctor-01234567.tmp"
    old.touch()
    os.utime(old, (1_600_000_000, 1_600_000_000))
    rc, lines = typed()
    assert (rc, "✓ litter: none" in lines) == (0, True)
    assert not old.exists()


@pytest.mark.parametrize(
    ("note", "verdict", "words"),
    [
        (None, "warn", "never yet"),
        ({"at": _LONG_AGO, "why": "ssh: no route", "last_ok": None, "counts": {}}, "warn", "ssh: no route"),
        (
            {"at": _LONG_AGO, "why": None, "last_ok": _LONG_AGO, "counts": {}},
            "warn",
            "since the last one",
        ),
        ({"at": "NOW", "why": None, "last_ok": "NOW", "counts": {"sent": 3, "brought": 5}}, "ok", "sent 3 · brought 5"),
        ("torn", "warn", "never yet"),
    ],
)
def test_the_last_sync_is_told_with_its_age_and_its_reason(typed: Any, road: Road, note: Any, verdict: str, words: str) -> None:
    data = road.root.parent / "data"
    data.mkdir()
    if note is not None:
        text = json.dumps(note).replace("NOW", clock.iso(clock.now())) if note != "torn" else '{"at": '
        (data / "sync.json").write_text(text, encoding="utf-8")
    checks = checks_of(typed("--json", there=str(road.root.parent / "away"))[1])
    assert (checks["sent"]["verdict"], words in checks["sent"]["said"]) == (verdict, True), checks["sent"]
    assert (checks["sent"]["fix"] == "python -m nas sync") == (verdict == "warn")


def test_when_the_other_side_was_last_heard_is_told(typed: Any, road: Road) -> None:
    away = {"there": str(road.root.parent / "away")}
    assert checks_of(typed("--json")[1])["received"]["said"] == "both use one folder: nothing is carried"
    assert checks_of(typed("--json", **away)[1])["received"]["said"] == "nothing yet"
    inbox.mark_seen(road.inbox)
    assert checks_of(typed("--json")[1])["received"]["said"] == "0s ago (sync)"


def test_the_other_side_is_reached_or_told_why_not(typed: Any, road: Road) -> None:
    there = road.root.parent / "there" / "reports"
    away = checks_of(typed("--json", there=str(there))[1])["carrier"]
    assert (away["verdict"], "there is no such folder" in away["said"], "mount it" in away["fix"]) == ("warn", True, True)
    there.mkdir(parents=True)
    unmade = checks_of(typed("--json")[1])["carrier"]
    assert (unmade["verdict"], "no folder `pending`" in unmade["said"], "nas init" in unmade["fix"]) == ("bad", True, True)
    (there / "pending").mkdir()
    reached = checks_of(typed("--json")[1])["carrier"]
    assert (reached["verdict"], reached["said"]) == ("ok", f"same_folder {there}")


@pytest.mark.skipif(shutil.which("rsync") is None, reason="this machine has no rsync")
def test_a_host_that_does_not_answer_is_told_and_a_password_never(typed: Any) -> None:
    began = time.monotonic()
    lines = typed(carrier="rsync", there="rsync://krx@127.0.0.1:1/reports")[1]
    assert time.monotonic() - began < 3.0
    assert any(line.startswith("! carrier: rsync rsync://krx@127.0.0.1:1/reports: ") for line in lines), lines
    rc, shown = typed("--json", there="rsync://krx:hunter22@127.0.0.1:1/reports")
    assert (rc, json.loads(shown[0])["error"]["code"]) == (64, "E-SETTING")
    assert "hunter22" not in "".join(shown)


def test_where_the_other_side_carries_there_is_no_sync_of_ours(typed: Any) -> None:
    checks = checks_of(typed("--json", carrier="rsync")[1])
    assert (checks["sent"]["verdict"], checks["sent"]["said"]) == ("ok", "the other side does the carrying")


def test_answers_nobody_was_shown_are_told_with_what_to_schedule(typed: Any, road: Road) -> None:
    """Without publish nobody hears of a failure."""
    seal_bad(road, "a")
    assert "✓ published: nothing yet (1 answers)" in typed()[1]
    long_ago = time.time() - 3 * 3600
    os.utime(road.outbox.done / "a" / "manifest.json", (long_ago, long_ago))
    rc, lines = typed()
    at = lines.index("! published: 1 answers are not, the oldest is 3h old: nobody is shown them")
    assert (rc, lines[at + 1].split(",")[0].strip()) == (2, "python -m nas publish")
    assert main(["publish"]) == 0
    rc, lines = typed()
    assert any(line.startswith("✓ published: ") and line.endswith(" ago last") for line in lines), lines
