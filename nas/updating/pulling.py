"""Bringing a checkout forward: fetched, and moved on only where that is a plain step ahead.

It exists because a pull that failed and was only printed let old code pass for new, for days.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import List, NamedTuple

from nas.running import DONE, Work, one_try
from shared.errors import RelayError
from shared.text import few_of

_OF_ANOTHER_REPOSITORY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX")
_SETTINGS = ("configs/relay.yaml", "configs/notify.yaml")
_DOING = "updating the code from git"
_ASKING_NOBODY = {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", "LANGUAGE": "C"}
_CUT_OFF = 124  # as timeout(1) says it
_FETCHING = 300.0  # seconds: a remote that hangs is a failure that is noted, long before the job's own time is over


class UpdateFailed(RelayError):
    """The code could not be brought up to date; it is the one it was, or says what of it is not."""

    code = "E-UPDATE"


class Waiting(NamedTuple):
    """What a look at the other side found: the branch, where it is, where it would be."""

    branch: str
    head: str
    newest: str

    @property
    def is_new(self) -> bool:
        """Whether there is anything to move to."""
        return self.head != self.newest


def waiting_in(home: Path) -> Waiting:
    """Fetch, and what there is to move to; UpdateFailed where it is not for us to move."""
    branch = _git(home, "rev-parse", "--abbrev-ref", "HEAD")
    if branch == "HEAD":
        raise UpdateFailed(_DOING, f"{home} is on no branch", "check one out: git checkout main")
    _require_upstream(home, branch)
    _require_no_torn_step(home)
    changed = _git(home, "status", "--porcelain", "--untracked-files=no").splitlines()
    if changed:
        names = [line[3:] for line in changed]
        raise UpdateFailed(_DOING, f"files of the checkout were changed here: {few_of(names)}", _remedy(home, names))
    _fetch(home)
    head, newest = _git(home, "rev-parse", "HEAD"), _git(home, "rev-parse", "@{u}")
    _require_a_step_ahead(home, branch, _git(home, "rev-list", "--left-right", "--count", f"{head}...{newest}").split())
    return Waiting(branch, head, newest)


def brings_packages(home: Path, waiting: Waiting, name: str) -> bool:
    """Whether that list of packages changes with it; the lists of other machines are none of ours."""
    return bool(_git(home, "diff", "--name-only", waiting.head, waiting.newest, "--", f"requirements/{name}"))


def pull(home: Path, waiting: Waiting) -> None:
    """Move on to what was found, and to nothing that came since."""
    _git(home, "merge", "--quiet", "--ff-only", waiting.newest)


def _require_no_torn_step(home: Path) -> None:
    """A git that was killed in the middle of a step leaves half of the new files, and its lock."""
    lock = home / _git(home, "rev-parse", "--git-path", "index.lock")
    if lock.exists():
        has_own = _git(home, "rev-list", "--count", "@{u}..HEAD") != "0"
        step = "" if has_own else f" && git -C {home} reset --hard '@{{u}}'"  # puts every file of the repository back
        found = f"git was cut off there in the middle of a step, or is at work: {lock}"
        raise UpdateFailed(_DOING, found, f"if no git runs there: rm {lock}{step} && python -m nas run update_from_git")


def _remedy(home: Path, changed: List[str]) -> str:
    """Settings are somebody's work: they are kept where no update meets them, before the shipped file is put back."""
    settings = next((name for name in changed if name in _SETTINGS), "")
    own = settings.replace(".yaml", ".own.yaml")
    if settings and not (home / own).exists():
        return f"keep it as your own: cp {settings} {own} && git checkout -- {settings}"
    return "put them back (git checkout -- FILE), or commit and push them from where code is written"


def _require_upstream(home: Path, branch: str) -> None:
    try:
        _git(home, "rev-parse", "--abbrev-ref", "@{u}")
    except UpdateFailed as error:
        fix = f"git branch --set-upstream-to=origin/{branch}"
        raise UpdateFailed(_DOING, f"the branch {branch} follows none of another repository", fix) from error


def _require_a_step_ahead(home: Path, branch: str, counts: List[str]) -> None:
    ahead, behind = (int(count) for count in counts)
    if ahead:
        found = f"{branch} went another way here: {ahead} commits of its own, {behind} are new over there"
        fix = f"keep them on a branch of their own, then step back: git branch mine && git reset --keep '@{{u}}' (in {home})"
        raise UpdateFailed(_DOING, found, fix)


def _fetch(home: Path) -> None:
    """It alone asks another machine: ended with all it started where that one says nothing for too long."""
    unset = [word for name in _OF_ANOTHER_REPOSITORY for word in ("-u", name)]
    words = ["git", "-C", str(home), "fetch", "--quiet", "--prune"]
    said: List[str] = []
    environment = [*unset, *(f"{name}={value}" for name, value in _ASKING_NOBODY.items())]
    ended = one_try(Work(["env", *environment, *words], _FETCHING), said.append, [])
    if ended.word != DONE:
        why = ended.why if ended.rc == _CUT_OFF else _reason_in(said)
        raise UpdateFailed(_DOING, f"git fetch: {why}", f"try it by hand: {' '.join(words)}")


def _git(home: Path, *words: str) -> str:
    """What it prints; nobody is asked for a password."""
    kept = {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER_REPOSITORY}
    environment = {**kept, **_ASKING_NOBODY}
    try:
        command = ["git", "-C", str(home), *words]
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, env=environment, check=False)
    except FileNotFoundError as error:
        raise UpdateFailed(_DOING, "there is no program git here", "install git") from error
    if done.returncode != 0:
        why = _reason_in(done.stderr.decode("utf-8", "replace").strip().splitlines())
        raise UpdateFailed(_DOING, f"git {words[0]}: {why}", f"try it by hand: git -C {home} {' '.join(words)}")
    return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")


def _reason_in(said: List[str]) -> str:
    return next((line for line in said if line.startswith(("fatal:", "error:"))), said[-1] if said else "it says nothing")
