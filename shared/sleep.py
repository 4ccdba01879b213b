"""Whether this machine falls asleep by itself, where that can be read.

It exists because a sleeping PC is the most frequent reason for requests that wait all night.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Dict, Optional

from shared.found import OK, WARN, Found
from shared.sayings import say

_SLEEPS = ("suspend", "hibernate", "hybrid-sleep", "suspend-then-hibernate")
_TARGETS = ("sleep.target", "suspend.target")
_LOGIND, _SLEEP_CONF = "logind.conf", "sleep.conf"
_WHERE_SYSTEMD_READS = ("usr/lib/systemd", "etc/systemd", "run/systemd")  # later words win
_SECONDS = 1.5


def sleep(root: Path = Path("/")) -> Found:
    """What this system's own settings say."""
    if sys.platform == "win32":
        return of_windows(_said("powercfg", "/query", "SCHEME_CURRENT", "SUB_SLEEP", "STANDBYIDLE"))
    if sys.platform == "darwin":
        return of_mac(_said("pmset", "-g"))
    return of_linux(root)


def of_linux(root: Path) -> Found:
    """By systemd's files; nothing is started for it."""
    if not any((root / folder).is_dir() for folder in _WHERE_SYSTEMD_READS[:2]):
        return Found("sleep", WARN, say("sleep_unknown"))
    masked = [name for name in _TARGETS if os.path.realpath(root / "etc/systemd/system" / name) == os.path.realpath("/dev/null")]
    if masked:
        return Found("sleep", OK, say("sleep_never", where=f"{masked[0]} masked"))
    if _settings(root, _SLEEP_CONF).get("AllowSuspend", "").lower() in ("no", "false", "0", "off"):
        return Found("sleep", OK, say("sleep_never", where=f"{_SLEEP_CONF}: AllowSuspend=no"))
    action = _settings(root, _LOGIND).get("IdleAction", "ignore")
    if action in _SLEEPS:
        return Found("sleep", WARN, say("sleep_idle", where=f"{_LOGIND}: IdleAction={action}"), say("sleep_fix_linux"))
    return Found("sleep", OK, say("sleep_desktop"))


def of_windows(said: Optional[str]) -> Found:
    """By the last two numbers of powercfg, seconds on mains and on battery: its words are in the system's language."""
    numbers = re.findall(r"0x[0-9a-fA-F]+", said or "")
    if len(numbers) < 2:
        return Found("sleep", WARN, say("sleep_unknown"))
    return _after(int(numbers[-2], 16) / 60, "powercfg", "sleep_fix_windows")


def of_mac(said: Optional[str]) -> Found:
    """By the line `sleep` of pmset, in minutes."""
    found = re.search(r"^\s*sleep\s+(\d+)", said or "", re.MULTILINE)
    return _after(int(found[1]), "pmset", "sleep_fix_mac") if found else Found("sleep", WARN, say("sleep_unknown"))


def _after(minutes: float, where: str, fix: str) -> Found:
    if not minutes:
        return Found("sleep", OK, say("sleep_never", where=where))
    return Found("sleep", WARN, say("sleep_after", minutes=f"{minutes:g}", where=where), say(fix))


def _settings(root: Path, name: str) -> Dict[str, str]:
    """`Key=value` of that file and the pieces beside it, as systemd reads them."""
    found: Dict[str, str] = {}
    for folder in _WHERE_SYSTEMD_READS:
        for file in (root / folder / name, *sorted((root / folder / f"{name}.d").glob("*.conf"))):
            found.update(_pairs(file))
    return found


def _pairs(file: Path) -> Dict[str, str]:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    return dict(re.findall(r"^\s*(\w+)\s*=\s*(.*?)\s*$", text, re.MULTILINE))


def _said(*command: str) -> Optional[str]:
    """What that program prints, None where there is none."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=_SECONDS, check=False)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode(errors="replace")
