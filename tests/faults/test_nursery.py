"""The process that runs mutants' tests in forks of itself: what it leaves alone, and what it says of what it ends."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.harness.nursery import Nursery
from tests.harness.road import until

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="it forks, which this system cannot")
WORDS = ["-q", "-p", "no:cacheprovider", "test_it.py"]


def test_what_other_checks_left_behind_is_theirs_to_clear_up(tmp_path: Path) -> None:
    """pytest clears up older runs' folders when it ends: of a whole check that takes longer than a fork is given."""
    left = tmp_path / "pytest-of-somebody"
    old = [left / f"pytest-{number}" for number in range(8)]
    for folder in old:
        folder.mkdir(parents=True)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "test_it.py").write_text("def test_it(tmp_path):\n    (tmp_path / 'kept').touch()\n")

    with closing(Nursery()) as nursery:
        for _ in range(2):
            ended = nursery.pytest(tmp_path / "home", WORDS, {"PYTEST_DEBUG_TEMPROOT": str(tmp_path), "LOGNAME": "somebody"})
            assert ended.rc == 0, ended.out
    assert [folder for folder in old if not folder.is_dir()] == []


def test_what_it_ends_says_where_it_was(tmp_path: Path) -> None:
    waits = "import pathlib, threading\n\ndef test_it():\n    pathlib.Path('begun').touch()\n    threading.Event().wait()\n"
    (tmp_path / "test_it.py").write_text(waits)
    with closing(Nursery()) as nursery, ThreadPoolExecutor(1) as asking:
        ended = asking.submit(nursery.pytest, tmp_path, WORDS, {})
        until((tmp_path / "begun").exists)
        nursery.hurry()
    assert ended.result().rc < 0
    assert 'test_it.py", line 5 in test_it' in ended.result().out
