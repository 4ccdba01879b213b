"""`archive`, `bring-back`, and every command that meets an archived answer, as people type them."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Iterator, List

import pytest

import outbox
from outbox.sealed import tombstone
from tests.harness.processes import LOG_LINE, Machine

A_DAY = 86_400.0


@pytest.fixture
def machine(tmp_path: Path, synthetic_data: Path) -> Iterator[Machine]:
    """A machine of the test, with an archive that somebody made."""
    (tmp_path / "kept").mkdir()
    with Machine(tmp_path, synthetic_data, archive=tmp_path / "kept") as running:
        yield running


def answered(machine: Machine, *ids: str, days: float = 0.0) -> None:
    """Answers of that age."""
    for request_id in ids:
        machine.road.submit(request_id=request_id)
    assert machine.road.drain() == 0
    for request_id in ids:
        age(machine.reports / "done" / request_id / "manifest.json", days)


def age(path: Path, days: float) -> None:
    then = path.stat().st_mtime - days * A_DAY
    os.utime(path, (then, then))


def names(folder: Path) -> List[str]:
    return sorted(path.name for path in folder.iterdir())


# ---- archive ----


def test_answers_older_than_thirty_days_are_archived_and_the_rest_is_kept(machine: Machine) -> None:
    answered(machine, "old-one", "old-two", days=31)
    answered(machine, "young", days=29)

    done = machine.run("nas", "archive")

    assert done.rc == 0, done.err
    assert re.fullmatch(r"OK archived=2 kept=1 waiting=0 refused=0 elapsed=\d+ms", done.out.strip())
    events = [match for match in map(LOG_LINE.fullmatch, done.err.splitlines()) if match]
    assert [match["event"] for match in events] == ["ANSWER_ARCHIVED"] * 2
    assert names(machine.reports / "done") == ["young"]
    [month] = (machine.folder / "kept").iterdir()
    assert re.fullmatch(r"\d{4}-\d\d", month.name)
    assert names(month) == ["old-one", "old-two"]
    assert outbox.is_answered(machine.road.outbox, "old-one")


def test_the_age_may_be_given_and_a_dry_run_only_says(machine: Machine) -> None:
    answered(machine, "one", days=3)

    kept, dry = machine.run("nas", "archive"), machine.run("nas", "archive", "--older-than", "2.5", "--dry-run")
    assert kept.out.startswith("OK archived=0 kept=1")
    assert dry.out.startswith("OK dry_run=yes would_archive=1 kept=0")
    assert "ARCHIVE_PLANNED" in dry.err
    assert "ANSWER_ARCHIVED" not in dry.err
    assert names(machine.reports / "done") == ["one"]
    assert list((machine.folder / "kept").iterdir()) == []
    assert list((machine.reports / "answered").glob("*/*")) == []

    told = json.loads(machine.run("nas", "archive", "--older-than", "0", "--json").out)
    assert (told["archived"], told["dry_run"], told["archive"]) == (["one"], False, str(machine.folder / "kept"))


def test_the_age_is_a_setting(machine: Machine) -> None:
    answered(machine, "one", days=3)
    assert machine.run("nas", "archive", archive_days=2).out.startswith("OK archived=1")


@pytest.mark.parametrize("days", ["nan", "-1", "many", "1e9"])
def test_what_is_no_number_of_days_is_wrong_usage(machine: Machine, days: str) -> None:
    assert machine.run("nas", "archive", "--older-than", days).rc == 64


def test_the_file_servers_clock_tells_the_age_and_not_this_machines(machine: Machine) -> None:
    """Whoever set the answers' times, the probe on the same share is what they are compared with."""
    answered(machine, "tomorrow", days=-400)
    assert machine.run("nas", "archive").out.startswith("OK archived=0 kept=1")


def test_a_damaged_answer_is_told_once_hinders_no_other_and_stays(machine: Machine) -> None:
    answered(machine, "bad", "good", days=40)
    (machine.reports / "done" / "bad" / "report.txt").write_bytes(b"changed")

    done = machine.run("nas", "archive")

    assert done.rc == 1
    assert done.out.startswith("FAILED archived=1 kept=0 waiting=0 refused=1")
    [line] = [line for line in done.err.splitlines() if "bad" in line]
    assert "[ERROR] [ANSWER_NOT_ARCHIVED]" in line
    assert "E-ANSWER-DAMAGED" in line
    assert names(machine.reports / "done") == ["bad"]
    assert not tombstone(machine.road.outbox, "bad").exists()


def test_an_answer_with_claims_waits_until_it_is_swept(machine: Machine) -> None:
    answered(machine, "one", days=40)
    (machine.reports / "claims" / "one.1.json").write_text("{}")

    done = machine.run("nas", "archive", "--json")

    assert done.rc == 0
    assert list(json.loads(done.out)["waiting"]) == ["one"]
    assert machine.road.drain() == 0
    assert machine.run("nas", "archive").out.startswith("OK archived=1")


def test_an_archive_that_is_not_mounted_is_not_made(machine: Machine, tmp_path: Path) -> None:
    answered(machine, "one", days=40)

    away = machine.run("nas", "archive", archive=tmp_path / "usb" / "archive")

    assert away.rc == 3
    assert "E-ARCHIVE-AWAY" in away.err
    assert not (tmp_path / "usb").exists()
    assert names(machine.reports / "done") == ["one"]


def test_an_empty_mount_point_is_not_taken_for_the_archive(machine: Machine) -> None:
    answered(machine, "one", "two", days=40)
    assert machine.run("nas", "archive").rc == 0
    (machine.folder / "kept").rename(machine.folder / "unplugged")
    (machine.folder / "kept").mkdir()
    answered(machine, "three", days=40)

    done = machine.run("nas", "archive")

    assert done.rc == 3
    assert "mount its disk" in done.err
    assert names(machine.reports / "done") == ["three"]


@pytest.mark.parametrize("name", ["my  archive", " tab\tand blank ", "보관", "a" * 200 + "/" + "b" * 200 + "/" + "c" * 200])
def test_an_unmounted_archive_is_noticed_whatever_its_name(machine: Machine, name: str) -> None:
    place = machine.folder / "disk" / name
    place.mkdir(parents=True)
    answered(machine, "one", days=40)
    assert machine.run("nas", "archive", archive=place).rc == 0
    place.rename(machine.folder / "unplugged")
    place.mkdir()
    assert machine.run("nas", "archive", archive=place).rc == 3


def test_another_empty_folder_is_no_archive_until_the_old_one_is_moved_there(machine: Machine, tmp_path: Path) -> None:
    """RELAY_ARCHIVE was changed, or is not set in cron: its disk may not be mounted, and what is archived would be lost."""
    answered(machine, "one", days=40)
    assert machine.run("nas", "archive").rc == 0
    (tmp_path / "another").mkdir()

    for place in (tmp_path / "another", None):
        done = machine.run("nas", "archive", archive=place)
        assert done.rc == 3
        assert "E-ARCHIVE-AWAY" in done.err
        assert str(machine.folder / "kept") in done.err

    [month] = (machine.folder / "kept").iterdir()
    month.rename(tmp_path / "another" / month.name)
    assert machine.run("nas", "archive", archive=tmp_path / "another").rc == 0


def test_an_archive_nobody_named_is_made(machine: Machine) -> None:
    answered(machine, "one", days=40)
    config = machine.folder / "configs" / "relay.yaml"
    config.parent.mkdir()
    config.write_text("language: en\n")

    done = machine.run("nas", "archive", archive=None, config=config)

    assert done.rc == 0, done.err
    assert len(list((machine.folder / "archive").glob("*/one"))) == 1


def test_what_was_not_yet_published_is_not_archived(machine: Machine) -> None:
    """Once anything was: where nobody publishes, nothing waits for it."""
    answered(machine, "before", days=40)
    assert machine.run("nas", "archive").out.startswith("OK archived=1")
    assert machine.run("nas", "publish").rc == 0
    answered(machine, "synthetic", days=40)
    assert "refused=1 (synthetic)" in machine.run("nas", "publish").out
    answered(machine, "unseen", days=40)

    done = machine.run("nas", "archive", "--json")

    told = json.loads(done.out)
    assert (done.rc, told["archived"], list(told["waiting"])) == (0, ["synthetic"], ["unseen"])
    assert "nas publish" in told["waiting"]["unseen"]["fix"]
    machine.run("nas", "publish")
    assert machine.run("nas", "archive").out.startswith("OK archived=1 kept=0 waiting=0")


def test_two_archives_at_once_are_one(machine: Machine) -> None:
    from shared.lock import only_one

    answered(machine, "one", days=40)
    with only_one(machine.road.settings.data / "locks" / "archive") as alone:
        assert alone
        second = machine.run("nas", "archive")
    assert second.rc == 0
    assert "ARCHIVE_SKIPPED" in second.err
    assert second.out.startswith('SKIPPED archived=0 kept=1 waiting=0 refused=0 why="another archive is at work" elapsed=')
    assert names(machine.reports / "done") == ["one"]


# ---- what finds an archived answer ----


def archived(machine: Machine, *ids: str) -> None:
    answered(machine, *ids, days=40)
    assert machine.run("nas", "archive").rc == 0


def test_show_finds_an_archived_answer_and_says_where_it_is(machine: Machine) -> None:
    archived(machine, "alpha", "beta")
    [place] = (machine.folder / "kept").glob("*/alpha")

    korean, english = machine.run("nas", "show", "alp"), machine.run("nas", "show", "alpha", language="en")

    assert (korean.rc, english.rc) == (0, 0), korean.err
    assert "보관된 결과입니다" in korean.out
    assert "archived; to bring it back: python -m nas bring-back alpha" in english.out
    assert all(f"  {file}\n" in english.out for file in place.iterdir())
    told = json.loads(machine.run("nas", "show", "alpha", "--json").out)
    assert (told["folder"], told["archived"], told["status"]) == (str(place), True, "SUCCEEDED")


def test_show_says_that_an_answer_of_done_is_not_archived(machine: Machine) -> None:
    answered(machine, "alpha")
    assert json.loads(machine.run("nas", "show", "alpha", "--json").out)["archived"] is False


def test_latest_and_prev_look_into_the_archive_where_done_has_too_few(machine: Machine) -> None:
    archived(machine, "older")
    answered(machine, "newer")
    shown = [json.loads(machine.run("nas", "show", wanted, "--json").out)["request_id"] for wanted in ("@latest", "@prev")]
    assert shown == ["newer", "older"]


def test_a_damaged_archived_answer_is_said_to_be_damaged(machine: Machine) -> None:
    archived(machine, "alpha")
    [place] = (machine.folder / "kept").glob("*/alpha")
    (place / "report.txt").write_bytes(b"changed")
    for words in (["show", "alpha"], ["bring-back", "alpha"]):
        done = machine.run("nas", *words)
        assert done.rc == 1
        assert "E-ANSWER-DAMAGED" in done.err
    assert place.is_dir()


def test_an_archive_that_is_away_is_said_and_not_that_there_is_no_such_request(machine: Machine) -> None:
    archived(machine, "alpha")
    (machine.folder / "kept").rename(machine.folder / "unplugged")
    for words in (["show", "alpha"], ["bring-back", "alpha"], ["retry", "alpha"]):
        done = machine.run("nas", *words)
        assert "E-ARCHIVE-AWAY" in done.err
        assert str(machine.folder / "kept") in done.err
        assert words[0] == "retry" or done.rc == 3


def test_retry_repeats_an_archived_request(machine: Machine) -> None:
    archived(machine, "alpha")
    done = machine.run("nas", "retry", "alpha")
    assert done.rc == 0, done.err
    [file] = (machine.reports / "pending").glob("*.json")
    assert json.loads(file.read_bytes())["retry_of"] == "alpha"


def test_cancel_and_submit_of_an_archived_id_say_where_its_answer_is(machine: Machine) -> None:
    archived(machine, "alpha")
    [place] = (machine.folder / "kept").glob("*/alpha")
    assert str(place) in machine.run("nas", "cancel", "alpha").err
    waited = machine.run("nas", "submit", "krx_ma200", "--id", "alpha", "--wait", "--json")
    assert "E-REQUEST-CONFLICT" in waited.err or json.loads(waited.out)["status"] == "SUCCEEDED"


def test_status_counts_what_lies_in_done(machine: Machine) -> None:
    archived(machine, "alpha")
    answered(machine, "beta")
    told = json.loads(machine.run("nas", "status", "--json").out)
    assert (told["answered"], [one["request_id"] for one in told["latest"]]) == (1, ["beta"])


# ---- back again ----


def test_an_archived_answer_is_brought_back_and_counts_as_new(machine: Machine) -> None:
    archived(machine, "alpha")

    back = machine.run("nas", "bring-back", "alpha")
    assert back.rc == 0, back.err
    assert "[ANSWER_BROUGHT_BACK] rc=0" in back.err
    assert machine.road.answers() == {"alpha": "SUCCEEDED"}
    assert tombstone(machine.road.outbox, "alpha").exists(), "it stays"
    assert list((machine.folder / "kept").glob("*/*")) == []

    assert machine.run("nas", "archive").out.startswith("OK archived=0 kept=1"), "not the very next night"
    age(tombstone(machine.road.outbox, "alpha"), 31)
    assert machine.run("nas", "archive").out.startswith("OK archived=1"), "but after its days"


def test_what_was_not_archived_is_not_moved_and_that_is_no_failure(machine: Machine) -> None:
    answered(machine, "alpha")
    told = json.loads(machine.run("nas", "bring-back", "alpha", "--json").out)
    assert told["moved"] is False
    assert told["folder"] == str(machine.reports / "done" / "alpha")


def test_what_nobody_knows_cannot_be_brought_back(machine: Machine) -> None:
    for wanted in ("nobody", "../../etc", "", "@", "\u202e", "a/b"):
        done = machine.run("nas", "bring-back", wanted)
        assert done.rc == 1, (wanted, done.err)
        assert "E-REQUEST-NOT-FOUND" in done.err
