"""docs/runbook.md: every command in it is one there is, and what it tells to type is typed, line after line."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import List

import pytest

import nas.__main__
from shared.catalog import Catalog
from shared.config import HOME
from tests.harness.typed import Typed

PAGE = (HOME / "docs" / "runbook.md").read_text(encoding="utf-8")
INLINE = sorted(set(re.findall(r"`python -m (nas [^`]*|pc [^`]*)`", PAGE)))
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
LINES = [line.split("  #")[0].rstrip() for block in BLOCKS for line in block.splitlines() if line.strip()]
NOT_TYPED = {  # and why
    ".venv/bin/pip install": "it asks the package index; scripts/environment.py does the same before every check",
    "python3 -m venv": "the same",
    "git checkout <": "it would take the code that is tried away",
    "python -m nas run update_from_git": "tests/nas/test_update_from_git.py tries it against a server of its own",
}
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the page's lines are for the NAS's shell")


def _parser_of(program: str) -> object:
    if program == "nas":
        return nas.__main__.parser()
    import pc.__main__

    return pc.__main__.parser()


@pytest.mark.parametrize("text", INLINE)
def test_every_command_in_a_sentence_is_one_there_is(text: str) -> None:
    program, *words = shlex.split(re.sub(r"<[^>]*>", "x", text.partition(" >>")[0]))
    if program == "pc" and sys.version_info < (3, 11):
        pytest.skip("the PC has Python 3.11 or newer")
    if "--" in words:
        words = words[: words.index("--")]
    options = _parser_of(program).parse_args(words)  # type: ignore[attr-defined]
    assert (getattr(options, "job", "") or "") in ("", "x", "cron", *Catalog("nas.jobs").names())


def test_every_job_and_every_script_the_day_names_is_there() -> None:
    table = PAGE.split("## 하루의 흐름")[1].split("\n## ")[0]
    assert set(re.findall(r"`(\w+)`", "".join(row.split("|")[2] for row in _rows(table)))) == set(Catalog("nas.jobs").names())
    named = set(re.findall(r"`((?:batch|jobs)/\w+\.sh)`", table))
    assert [name for name in sorted(named) if not (HOME / "scripts" / "linux" / name).is_file()] == []


def _rows(table: str) -> List[str]:
    return [line for line in table.splitlines() if line.startswith("|") and "---" not in line][1:]


def test_what_is_not_typed_here_is_on_the_page() -> None:
    assert [begin for begin in NOT_TYPED if not any(begin in line for line in LINES)] == []


def test_what_the_page_tells_to_type_works_line_after_line(tmp_path: Path) -> None:
    """In a clone, as somebody does who read the page; no line may fail for a reason of its own."""
    checkout = tmp_path / "krx-relay"
    subprocess.run(["git", "clone", "-q", str(HOME), str(checkout)], check=True, capture_output=True)
    named = tmp_path / "bin"
    named.mkdir()
    (named / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    (named / "python").chmod(0o755)
    typed = Typed(checkout, PYTHONBIN=sys.executable)
    environment = {**typed.environment, "PATH": f"{named}:{os.environ['PATH']}", "PYTHONPATH": ""}
    subprocess.run([str(named / "python"), "-m", "nas", "init"], cwd=checkout, env=environment, check=True, capture_output=True)
    wrong = {}
    for line in LINES:
        if any(begin in line for begin in NOT_TYPED) or line.startswith("git clone"):
            continue
        done = subprocess.run(
            ["bash", "-c", line], cwd=checkout, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        if done.returncode not in (0, 1, 2) or "Traceback" in done.stderr or "[E-USAGE]" in done.stderr:
            wrong[line] = f"{done.returncode}: {done.stderr[-500:]}"
    assert wrong == {}
