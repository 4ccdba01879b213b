"""No form of a password in `there`, nor in `carry_shell`, is ever shown: it is refused, or masked, whatever command runs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Dict

import pytest

from shared.addresses import why_secret
from shared.carriers import open_carrier
from shared.config import HOME, load, load_with_origins
from shared.disk import Disk
from shared.errors import SettingInvalid
from shared.masking import masked

PASSWORD = "TOPSECRETtoken99"
BAD: Dict[str, str] = {
    f"http://{PASSWORD}@127.0.0.1:9/o/r.git": "credential.helper",
    f"https://x:{PASSWORD}@127.0.0.1:9/o/r.git": "credential.helper",
    f"https://127.0.0.1:9/o/r.git?private_token={PASSWORD}": "credential.helper",
    f"rsync://krx:{PASSWORD}@127.0.0.1:9/reports": "RSYNC_PASSWORD",
    f"rsync://krx:a/{PASSWORD}@127.0.0.1:9/reports": "RSYNC_PASSWORD",
    f"rsync://krx:a@{PASSWORD}@127.0.0.1:9/reports": "RSYNC_PASSWORD",
    f"krx:{PASSWORD}@127.0.0.1::reports": "RSYNC_PASSWORD",
    f"krx:a@{PASSWORD}@127.0.0.1:reports": "ssh -i",
    f"ssh://krx:{PASSWORD}@127.0.0.1:9/reports": "ssh -i",
}
GOOD = (
    "",
    "/volume1/@reports",
    "pc:krx@home/reports",
    "me@pc:krx/reports",
    "krx@pc::reports",
    "rsync://krx@pc/reports",
    "rsync://pc:873/vol@1/reports",
    "ssh://git@host:22/me/vol@1.git",
    "git@github.com:me/answers.git",
    "https://github.com/me/answers.git",
    "file:///srv/a?b@c",
    "C:\\share\\reports",
)


@pytest.mark.parametrize("address", BAD)
def test_no_form_of_a_password_in_there_is_ever_shown(address: str, tmp_path: Path) -> None:
    """Refused wherever it comes from; the refusal says where it belongs. And were it told all the same, it is masked."""
    file = tmp_path / "relay.yaml"
    for name in ("there", "there_data"):
        file.write_text(f"{name}: '{address}'\n")
        for environment in ({f"RELAY_{name.upper()}": address}, {"RELAY_CONFIG": str(file)}):
            with pytest.raises(SettingInvalid) as told:
                load(environment)
            assert PASSWORD not in str(told.value)
            assert (BAD[address] in told.value.why, name in told.value.why) == (True, True)
    if "://" in address:
        assert PASSWORD not in masked(f"carrying by {address}: fatal: unable to access '{address}/'")


@pytest.mark.parametrize("address", GOOD)
def test_an_address_without_a_secret_is_no_trouble(address: str) -> None:
    assert why_secret(address) == ""
    assert load({"RELAY_THERE": address}).there == address


SHELLS = (
    f"sshpass -p {PASSWORD} ssh -p 9",
    f"plink -batch -pw {PASSWORD}",
    f"sshpass -v -p'{PASSWORD}' ssh -p 9",
    f"env SSHPASS={PASSWORD} sshpass -e ssh",
    f"/no/such --password={PASSWORD}",
    f'/no/such --api-token "{PASSWORD}"',
)


@pytest.mark.parametrize("shell", SHELLS)
def test_config_masks_a_password_given_to_the_shell(shell: str) -> None:
    settings, shown = load_with_origins({"RELAY_CARRY_SHELL": shell})
    assert settings.carry_shell == shell
    told = str(next(one.value for one in shown if one.name == "carry_shell"))
    assert PASSWORD not in told
    assert "***" in told
    assert told.startswith(shell.split(maxsplit=1)[0])


def test_what_only_looks_like_a_secret_is_shown() -> None:
    for text in (
        "ssh -p 2222 -o PasswordAuthentication=no -i /volume1/secret/id_ed25519",
        "rsync://krx@pc:873/reports",
        "the token is in the folder private; no password was asked",
        "see https://example.com/a?page=2#top, or me@example.com",
    ):
        assert masked(text) == text


@pytest.mark.parametrize("words", [["sync"], ["sync", "--json"], ["config"], ["config", "--json"], ["doctor"]])
def test_no_command_and_no_file_shows_a_password(words: "list[str]", tmp_path: Path) -> None:
    """As cron types it: refused with exit code 64, or carried by a shell whose password is in no line."""
    mine = {name: str(tmp_path / name.lower()) for name in ("REPORTS", "DATA", "LOGS", "PRIVATE", "BACKTESTS")}
    way = {"CARRIER": "rsync", "CARRY_SECONDS": "2", "CARRY_SHELL": f"/no/such --password={PASSWORD}"}
    for there, code in ((f"rsync://krx:a/{PASSWORD}@127.0.0.1:9/reports", (64,)), ("me@127.0.0.1:/x", (0, 2, 3))):
        told = {f"RELAY_{name}": value for name, value in {**mine, **way, "THERE": there}.items()}
        for folder in ("reports/pending", "reports/done"):
            (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        environment = {**{name: value for name, value in os.environ.items() if not name.startswith("RELAY_")}, **told}
        command = [sys.executable, "-m", "nas", *words]
        done = subprocess.run(command, cwd=HOME, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode in code, done.stderr
        assert PASSWORD not in done.stdout + done.stderr
    assert [file for file in tmp_path.rglob("*") if file.is_file() and PASSWORD.encode() in file.read_bytes()] == []


def test_a_shell_whose_quotes_do_not_close_is_told_as_a_setting(tmp_path: Path) -> None:
    settings = load({"RELAY_CARRIER": "rsync", "RELAY_CARRY_SHELL": 'ssh -i "my key', "RELAY_PRIVATE": str(tmp_path)})
    with pytest.raises(SettingInvalid, match="carry_shell"):
        open_carrier(settings, "pc:krx", "nas", Disk(durable=False))


@pytest.mark.parametrize("piece", ["-", "a-", "x://", "x://a:", "http://a", "plink ", "--token", "sshpass -x ", "?a", "xoxb"])
def test_a_long_line_that_looks_like_a_secret_all_along_is_shown_at_once(piece: str) -> None:
    """As a job may print it: each of its lines is looked through, up to 64 KB of it."""
    line = piece * (65536 // len(piece))
    began = time.process_time()
    masked(line + "@")
    assert time.process_time() - began < 2.0


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"https://bot@corp.com:{PASSWORD}@git.corp.com/x.git", "https://***@corp.com:***@git.corp.com/x.git"),
        (f"https://bot:a'{PASSWORD}@host/x.git", "https://bot:***@host/x.git"),
        (f'see "https://bot:{PASSWORD}"<b@host/x.git"', 'see "https://bot:***@host/x.git"'),
        (f"https://bot:{PASSWORD * 100}@host/x.git", "https://bot:***@host/x.git"),
        (f"https://{PASSWORD * 100}@host/x.git", "https://***@host/x.git"),
        (f"rsync://krx:a/{PASSWORD * 100}@host/x", "rsync://krx:***@host/x"),
        (rf"https:\/\/bot:{PASSWORD}@host\/x.git", r"https:\/\/bot:***@host\/x.git"),
        (rf"https:\/\/hooks.slack.com\/services\/T0\/B0\/{PASSWORD}", r"https:\/\/hooks.slack.com/***"),
        (rf"hooks.slack.com\u002fservices\u002fT0\u002f{PASSWORD}", "hooks.slack.com/***"),
        (f"hooks.slack.com:443/services/T0/B0/{PASSWORD}", "hooks.slack.com/***"),
        (f"hooks.slack.com%2Fservices%2FT0%2FB0%2F{PASSWORD}", "hooks.slack.com/***"),
        (f"hooks.slack.com%3A443%2Fservices%252FT0%252F{PASSWORD}", "hooks.slack.com/***"),
    ],
)
def test_a_secret_is_masked_however_its_address_is_written(text: str, shown: str) -> None:
    assert masked(f"before {text} after") == f"before {shown} after"


def test_an_address_without_a_password_is_shown_whatever_comes_after_it() -> None:
    for text in (
        "ssh://git@host:22/me/vol@1.git",
        "rsync://pc/vol@1/reports of https://host:80/ by me@corp.com",
        "hooks.slack.com",
    ):
        assert masked(text) == text


@pytest.mark.parametrize("end", ["", "@"])
@pytest.mark.parametrize("piece", ["a", "x://a:", "http://a", "x:", "\\", "x:\\/\\/a:", "hooks.slack.com%25", "://", "a'"])
def test_four_times_the_text_takes_no_more_than_about_four_times_as_long(piece: str, end: str) -> None:
    """Of work that grows with the square it would be sixteen times."""
    short, long = (piece * (length // len(piece)) + end for length in (1 << 16, 1 << 18))
    assert _quickest(long) < 10 * _quickest(short) + 0.01


def _quickest(text: str) -> float:
    def once() -> float:
        began = time.process_time()
        masked(text)
        return time.process_time() - began

    return min(once() for _ in range(5))
