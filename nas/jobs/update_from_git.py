"""Brings the code up to date: fetched, stepped forward only, packages installed where their list changed, then healthcheck.

It exists so that an update either happened or is a failure everybody sees: nothing passes for newer than it is.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from datetime import datetime
from typing import Optional

from nas.deployment import Deployment, deployment, note_deployment
from nas.running import Outcome, Turn
from nas.updating import UpdateFailed, Waiting, brings_packages, install, jobs_still, pull, requirements, waiting_in
from nas.updating.installing import PENDING, key_of
from shared.config import HOME
from shared.disk import Disk

_NAME = "update_from_git"


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be said to it."""
    parser.add_argument("--patience", type=float, default=300.0, metavar="S", help="wait so long for jobs at work (default 300)")


def run(turn: Turn) -> Outcome:
    """All of its code is loaded before any of it changes; what comes after is a process of its own."""
    disk, before = Disk(turn.settings.durable), deployment(turn.settings.data)
    if turn.is_dry:
        return _would_do()
    try:
        found = waiting_in(HOME)
        with jobs_still(turn.settings, _NAME, turn.options.patience):
            now = _moved(turn, disk, before, found)
    except UpdateFailed as error:
        _note_failure(turn, disk, error)
        raise
    note_deployment(disk, turn.settings.data, now)
    facts = {"branch": now.branch, "head": now.head[:7], "before": found.head[:7], "packages": _packages(before, now)}
    return Outcome(facts={**facts, "health": _health(turn.at)})


def _moved(turn: Turn, disk: Disk, before: Deployment, found: Waiting) -> Deployment:
    """One step; packages after it, as their list comes with it. That they are to come is noted first: killed in between, the
    next start finds no change of the list, and installs them."""
    file = requirements(HOME)
    if brings_packages(HOME, found, file.name):
        before = before._replace(installed=PENDING)
        note_deployment(disk, turn.settings.data, before)
    pull(HOME, found)
    wanted = key_of(file)
    at = before.at if before.at and not found.is_new and before.head == found.newest else turn.at
    if before.installed not in ("", wanted):
        pending = before._replace(branch=found.branch, head=found.newest, at=at, installed=PENDING)
        note_deployment(disk, turn.settings.data, pending)
        install(file)
    return Deployment(found.branch, found.newest, at, turn.at, turn.at, "", wanted)


def _note_failure(turn: Turn, disk: Disk, error: UpdateFailed) -> None:
    """Whoever looks at this machine from now on is told."""
    known = deployment(turn.settings.data)
    note_deployment(disk, turn.settings.data, known._replace(tried=turn.at, why=error.in_short))


def _packages(before: Deployment, now: Deployment) -> Optional[str]:
    return "changed" if before.installed and before.installed != now.installed else None


def _health(at: datetime) -> int:
    """By the new code; it tells by itself what is broken."""
    command = [sys.executable, "-m", "nas", "run", "healthcheck", "--at", at.isoformat()]
    return subprocess.run(command, cwd=HOME, stdout=sys.stderr, stdin=subprocess.DEVNULL, check=False).returncode


def _would_do() -> Outcome:
    """Nothing is fetched: only what would stand in the way is looked for."""
    from nas.deployment import asked

    changed = asked("status", "--porcelain", "--untracked-files=no").splitlines()
    follows = asked("rev-parse", "--abbrev-ref", "@{u}") or None
    facts = {"branch": asked("rev-parse", "--abbrev-ref", "HEAD") or None, "follows": follows, "changed": len(changed)}
    return Outcome(facts=facts)
