"""`nas ingest` on a NAS whose Python is too old to fetch: it says what it lacks, and nothing is changed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from nas.__main__ import main

OLD = pytest.mark.skipif(sys.version_info >= (3, 11), reason="this Python may fetch: tests/pc/test_ingest_command.py has it")


@OLD
@pytest.mark.parametrize("command", ["ingest", "precache"])
def test_an_old_python_says_what_it_lacks(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RELAY_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("RELAY_PRICES_FROM", "nas")
    assert main([command, "--json"]) == 3
    said = capsys.readouterr()
    assert "fetching prices needs Python 3.11" in said.err
    assert "prices_from: pc" in said.err
    assert json.loads(said.out)["error"]["code"] == "E-PACKAGE-MISSING"
    assert not (tmp_path / "data").exists()
