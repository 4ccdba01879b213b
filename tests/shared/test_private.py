"""Secrets in files: one rule for all of them. A file others may read is refused, and what was read is shown to nobody."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from shared.carriers import CarryRefused, open_carrier
from shared.disk import Disk
from shared.errors import SettingInvalid
from shared.log_line import line
from shared.masking import SECRETS
from shared.private import secret_in
from tests.harness.road import settings_for

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="files have no modes there")


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_read_from_a_file_is_shown_in_no_error_and_no_log_line(name: str, tmp_path: Path) -> None:
    value = f"sesame-open-{name}"
    (tmp_path / name).write_text(f"{value}\n")
    (tmp_path / name).chmod(0o600)
    assert secret_in(tmp_path / name) == value
    assert value not in str(CarryRefused("asking", f"@ERROR: {value} is wrong", "")) + line("ERROR", "X_Y", {"why": value})


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o620])
def test_a_password_others_may_read_is_refused_with_the_remedy(mode: int, tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "reports", tmp_path / "data", carrier="rsync", there="rsync://krx@pc/reports")
    settings.private.mkdir()
    file = settings.private / "RSYNC_PASSWORD"
    file.write_text("sesame-open\n")
    file.chmod(mode)
    with pytest.raises(SettingInvalid, match=f"{mode:04o}.*chmod 600") as told:
        open_carrier(settings, settings.there, "nas", Disk(durable=False))
    assert "sesame" not in str(told.value)
    file.chmod(0o600)
    given = open_carrier(settings, settings.there, "nas", Disk(durable=False)).there.environment
    assert given["RSYNC_PASSWORD"] == "sesame-open"


def test_a_password_of_the_environment_is_masked_too_and_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RSYNC_PASSWORD", "of-the-environment")
    settings = settings_for(tmp_path / "reports", tmp_path / "data", carrier="rsync", there="rsync://krx@pc/reports")
    given = open_carrier(settings, settings.there, "nas", Disk(durable=False)).there.environment
    assert given["RSYNC_PASSWORD"] == os.environ["RSYNC_PASSWORD"]
    assert "of-the-environment" not in str(CarryRefused("asking", "RSYNC_PASSWORD=of-the-environment", "of-the-environment"))
