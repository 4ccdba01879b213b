"""`update_from_git` in a real checkout of a real repository: a step forward, or a failure everybody sees."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional

import pytest

from tests.harness.checkout import checkout, git, repository
from tests.harness.road import until
from tests.harness.slack_server import SlackServer
from tests.harness.typed import Typed


class Place(NamedTuple):
    """The repository all follow, where code is written, and the checkout on the NAS."""

    there: Path
    desk: Path
    nas: Path
    environment: Dict[str, str]

    def __call__(self, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "nas", *words]
        how: Dict[str, Any] = {"cwd": self.nas, "env": {**self.environment, **more}, "timeout": 120}
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, **how)

    def write(self, name: str, text: str, where: Optional[Path] = None) -> None:
        folder = where or self.desk
        with open(folder / name, "a", encoding="utf-8") as lines:
            lines.write(text)
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "more")

    def publish(self, name: str = "nas/__init__.py", text: str = "# more\n") -> str:
        self.write(name, text)
        git(self.desk, "push", "-q")
        return self.head(self.desk)

    def head(self, folder: Optional[Path] = None) -> str:
        return git(folder or self.nas, "rev-parse", "HEAD")

    @property
    def deployed(self) -> Dict[str, Any]:
        found: Dict[str, Any] = json.loads(Path(self.environment["RELAY_DATA"], "deploy.json").read_text(encoding="utf-8"))
        return found


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all."""
    return repository(tmp_path_factory.mktemp("origin"))


@pytest.fixture
def place(origin: Path, tmp_path: Path) -> Place:
    git(tmp_path, "clone", "-q", "--bare", str(origin), "there.git")
    for name in ("desk", "nas"):
        checkout(tmp_path / "there.git", tmp_path / name)
    environment = {**Typed(tmp_path / "own").environment, "PIP_NO_INDEX": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    made = Place(tmp_path / "there.git", tmp_path / "desk", tmp_path / "nas", environment)
    assert made("init").returncode == 0
    return made


def test_it_steps_forward_notes_it_and_looks_after_its_health(place: Place) -> None:
    before, newest = place.head(), place.publish()
    done = place("run", "update_from_git", "--at", "2026-11-20T06:30")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"OK branch=main head={newest[:7]} before={before[:7]} health=0")
    assert place.head() == newest
    assert place.deployed["head"] == newest
    assert place.deployed["at"].startswith("2026-11-20T06:30")
    assert "[JOB_ENDED]" in done.stderr
    assert "job=healthcheck" in done.stderr
    again = place("run", "update_from_git", "--at", "2026-11-21T06:30")
    assert again.returncode == 0
    assert (place.deployed["at"][:10], place.deployed["current"][:10]) == ("2026-11-20", "2026-11-21")


def test_a_dirty_tree_is_refused_and_the_files_are_named(place: Place) -> None:
    before = place.head()
    place.publish()
    with open(place.nas / "nas" / "ask.py", "a", encoding="utf-8") as lines:
        lines.write("# mine\n")
    (place.nas / "configs" / "relay-of-mine.yaml").write_text("worker: x\n", encoding="utf-8")
    done = place("run", "update_from_git")
    assert done.returncode == 1
    assert "files of the checkout were changed here: nas/ask.py;" in done.stderr
    assert "relay-of-mine" not in done.stderr, "a file of one's own is in nobody's way"
    assert place.head() == before
    git(place.nas, "checkout", "-q", "--", "nas/ask.py")
    assert place("run", "update_from_git").returncode == 0


@pytest.mark.parametrize("name", ["relay", "notify"])
def test_settings_written_into_a_shipped_file_are_kept_by_the_remedy_it_names(name: str, place: Place) -> None:
    """Who puts them back, as of any other file, loses the settings."""
    shipped, own = place.nas / "configs" / f"{name}.yaml", place.nas / "configs" / f"{name}.own.yaml"
    mine = {"relay": "prices: local\nbackup_days: 3\n", "notify": "mention: channel\n"}[name]
    shipped.write_text(mine, encoding="utf-8")
    newest = place.publish()
    done = place("run", "update_from_git")
    assert done.returncode == 1
    [remedy] = re.findall(r"; keep it as your own: (.*)$", done.stderr, re.MULTILINE)[:1]
    subprocess.run(remedy, shell=True, cwd=place.nas, check=True)
    assert own.read_text(encoding="utf-8") == mine
    assert place("run", "update_from_git").returncode == 0
    assert place.head() == newest
    if name == "relay":
        found = json.loads(place("config", "--json").stdout)["backup_days"]
        assert (found["value"], found["origin"]) == ("3", str(own))
    else:
        ask = "from shared.config import load; from shared.notices import open_post; print(open_post(load()).rules.mention)"
        words = [sys.executable, "-c", ask]
        seen = subprocess.run(words, cwd=place.nas, env=place.environment, capture_output=True, text=True, check=True)
        assert seen.stdout == "channel\n"


def test_a_branch_that_went_another_way_is_refused(place: Place) -> None:
    place.publish()
    place.write("nas/desk.py", "# mine\n", place.nas)
    before = place.head()
    done = place("run", "update_from_git")
    assert done.returncode == 1
    assert "main went another way here: 1 commits of its own, 1 are new over there" in done.stderr
    assert place.head() == before


def test_a_failed_pull_is_a_failure_and_everything_downstream_says_so(place: Place) -> None:
    assert place("run", "update_from_git", "--at", "2026-11-10T06:30").returncode == 0
    away = place.there.with_name("away")
    place.there.rename(away)
    with SlackServer() as slack:
        for _ in range(2):
            done = place("run", "update_from_git", **slack.bot())
            assert done.returncode == 1
            assert "code=E-UPDATE" in done.stderr
        assert len(slack.channel()) == 1, "told once"
    assert "does not appear to be a git repository" in place.deployed["why"]
    for command in (("doctor",), ("run", "healthcheck")):
        shown = place(*command).stdout
        assert "the code is " in shown, command
        assert "failed: updating the code from git: git fetch: " in shown, command
    away.rename(place.there)
    assert place("run", "update_from_git").returncode == 0
    assert place.deployed["why"] == ""


def test_packages_are_installed_when_their_list_changed_and_at_no_other_time(place: Place) -> None:
    assert place("run", "update_from_git").returncode == 0
    for name in ("market.txt", "nas.txt"):
        place.write(f"requirements/{name}", f"no-such-package-of-ours==1.0 --hash=sha256:{'0' * 64}\n")
    newest = place.publish()
    for _ in range(2):
        done = place("run", "update_from_git")
        assert done.returncode == 1
        assert "No matching distribution found for no-such-package-of-ours==1.0" in done.stderr
        assert (place.head(), place.deployed["installed"]) == (newest, "-"), "the code is there, its packages are not"
    git(place.desk, "revert", "--no-edit", "HEAD~1")
    git(place.desk, "revert", "--no-edit", "HEAD~3")
    git(place.desk, "push", "-q")
    done = place("run", "update_from_git")
    assert done.returncode == 0, done.stderr
    assert "Requirement already satisfied" in done.stderr
    assert "packages=changed" in done.stdout
    place.publish()
    assert "Requirement already" not in place("run", "update_from_git").stderr


def test_code_whose_packages_failed_is_in_force_since_it_came(place: Place) -> None:
    assert place("run", "update_from_git", "--at", "2026-11-10T06:30").returncode == 0
    for name in ("market.txt", "nas.txt"):
        place.write(f"requirements/{name}", f"no-such-package-of-ours==1.0 --hash=sha256:{'0' * 64}\n")
    newest = place.publish()
    for day in ("2026-11-20", "2026-11-21"):
        assert place("run", "update_from_git", "--at", f"{day}T06:30").returncode == 1
        assert (place.deployed["head"], place.deployed["at"][:10]) == (newest, "2026-11-20")


def test_a_list_of_packages_of_another_machine_installs_nothing(place: Place) -> None:
    assert place("run", "update_from_git").returncode == 0
    for name in ("dev.txt", "pc.txt"):
        place.write(f"requirements/{name}", "# more\n")
    newest = place.publish()
    done = place("run", "update_from_git")
    assert (done.returncode, place.head()) == (0, newest), done.stderr
    assert "Requirement already" not in done.stderr


def test_a_remote_that_hangs_is_a_failure_that_is_noted_and_leaves_nothing_running(place: Place, tmp_path: Path) -> None:
    place.publish("nas/updating/pulling.py", "_FETCHING = 1.0\n")
    assert place("run", "update_from_git").returncode == 0
    hangs = tmp_path / "hangs"
    hangs.write_text(f"#!/bin/sh\necho $$ > {tmp_path / 'pid'}\nexec sleep 600\n", encoding="utf-8")
    hangs.chmod(0o755)
    git(place.nas, "config", "remote.origin.uploadpack", str(hangs))
    done = place("run", "update_from_git")
    assert done.returncode == 1
    assert place.deployed["why"] == "updating the code from git: git fetch: it took longer than its 1 s and was ended"
    of_git = Path("/proc", (tmp_path / "pid").read_text(encoding="utf-8").strip())
    until(lambda: not of_git.exists())


def test_an_update_that_was_killed_before_its_packages_came_installs_them_the_next_time(place: Place) -> None:
    """On a machine that was never updated before; the code is already the new one."""
    for name in ("market.txt", "nas.txt"):
        place.write(f"requirements/{name}", f"no-such-package-of-ours==1.0 --hash=sha256:{'0' * 64}\n")
    newest = place.publish()
    hook = place.nas / ".git" / "hooks" / "post-merge"
    hook.write_text("#!/bin/sh\nread -r _ _ _ parent _ < /proc/$PPID/stat\nkill -9 $parent\n", encoding="utf-8")
    hook.chmod(0o755)
    assert "SIGKILL" in place("run", "update_from_git").stderr
    assert place.head() == newest
    hook.unlink()
    again = place("run", "update_from_git")
    assert (again.returncode, place.deployed["installed"]) == (1, "-")
    assert "No matching distribution found for no-such-package-of-ours==1.0" in again.stderr


def test_no_code_is_changed_under_a_job_that_is_at_work(place: Place, tmp_path: Path) -> None:
    own = tmp_path / "jobs.yaml"
    own.write_text("update_from_git: {retry: {max: 0}}\n", encoding="utf-8")
    before = place.head()
    place.publish()
    held = "import sys, fasteners; a = fasteners.InterProcessLock(sys.argv[1]); a.acquire(); print('held', flush=True); input()"
    lock = str(Path(place.environment["RELAY_DATA"]) / "locks" / "job-prune")
    pipe = subprocess.PIPE
    holder = subprocess.Popen([sys.executable, "-c", held, lock], stdin=pipe, stdout=pipe, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    done = place("run", "update_from_git", "--", "--patience", "0.1", RELAY_JOBS=str(own))
    assert (done.returncode, place.head()) == (2, before)
    assert "still at work: prune" in done.stderr
    holder.communicate("\n", timeout=30)
    assert place("run", "update_from_git", RELAY_JOBS=str(own)).returncode == 0


def test_who_shares_its_lock_is_kept_out_by_it_and_not_waited_for(place: Place, tmp_path: Path) -> None:
    own = tmp_path / "jobs.yaml"
    own.write_text("update_from_git: {lock: keeping, retry: {max: 0}}\nprune: {lock: keeping}\n", encoding="utf-8")
    newest = place.publish()
    done = place("run", "update_from_git", "--", "--patience", "0.1", RELAY_JOBS=str(own))
    assert (done.returncode, place.head()) == (0, newest), done.stderr


def test_a_step_that_was_cut_off_is_named_with_what_finishes_it(place: Place) -> None:
    """What git leaves where it is killed: its lock, one file that is new already, one that was not there before."""
    place.publish()
    newest = place.publish("nas/brand_new.py", '"""New."""\n')
    git(place.nas, "fetch", "-q")
    for name in ("nas/__init__.py", "nas/brand_new.py"):
        (place.nas / name).write_bytes((place.desk / name).read_bytes())
    (place.nas / ".git" / "index.lock").touch()

    done = place("run", "update_from_git")
    assert done.returncode == 1
    [remedy] = re.findall(r"; if no git runs there: (rm .*) && python -m nas run update_from_git$", done.stderr, re.MULTILINE)[:1]
    subprocess.run(["sh", "-c", remedy], check=True, capture_output=True, timeout=60)
    assert place("run", "update_from_git").returncode == 0
    assert (place.head(), git(place.nas, "status", "--porcelain")) == (newest, "")


def test_commits_of_ones_own_are_no_part_of_a_step_that_was_cut_off(place: Place) -> None:
    place.write("README.md", "mine\n", place.nas)
    (place.nas / ".git" / "index.lock").touch()
    done = place("run", "update_from_git")
    assert done.returncode == 1
    assert "if no git runs there: rm " in done.stderr
    assert "reset" not in done.stderr


def test_a_dry_run_fetches_and_changes_nothing(place: Place) -> None:
    before: List[str] = [place.head(), git(place.nas, "rev-parse", "@{u}")]
    place.publish()
    done = place("run", "update_from_git", "--dry-run")
    assert (done.returncode, "DRY branch=main follows=origin/main changed=0" in done.stdout) == (0, True)
    assert [place.head(), git(place.nas, "rev-parse", "@{u}")] == before
