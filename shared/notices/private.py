"""Tokens and addresses nobody else may read: from the environment, else from files of private mode.

It exists so that no config holds a secret, and so that a file others may read is refused instead of trusted.
"""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Mapping, NamedTuple, Tuple

from shared.errors import RelayError, SettingInvalid
from shared.private import secret_in

NAMES = ("SLACK_BOT_TOKEN", "SLACK_WEBHOOK_URL", "SLACK_CHANNEL", "ALERT_WEBHOOK_URL", "SLACK_API_URL")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Secrets(NamedTuple):
    """What there is of them; empty where there is none."""

    bot_token: str = ""
    slack_hook: str = ""
    channel: str = ""
    alert_hook: str = ""
    api: str = ""


def secrets_from(folder: Path, environment: Mapping[str, str]) -> Tuple[Secrets, List[RelayError]]:
    """The secrets, and what is wrong with those that are refused."""
    found: Dict[str, str] = {}
    refused: List[RelayError] = []
    for name in NAMES:
        try:
            found[name] = _checked(name, environment.get(name, "").strip() or secret_in(folder / name))
        except SettingInvalid as error:
            refused.append(error)
    return Secrets(*(found.get(name, "") for name in NAMES)), refused


def _checked(name: str, value: str) -> str:
    """It, if it may be what it is said to be. It is never repeated: it is a secret, or somebody took it for one."""
    if any(not 32 < ord(letter) < 127 for letter in value):
        raise SettingInvalid(f"reading {name}", "it holds blanks, line breaks or letters no token has", "write it again")
    if value and name.endswith("_URL"):
        _check_address(name, value)
    return value


def _check_address(name: str, value: str) -> None:
    """Slack's are https, or a stand-in's on this machine; the generic webhook may be any http of the house."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, 0
    is_near = host in _LOOPBACK or name == "ALERT_WEBHOOK_URL"
    if not host or port == 0 or not (parts.scheme == "https" or (parts.scheme == "http" and is_near)):
        raise SettingInvalid(f"reading {name}", "it is no https address", "write the whole address, from https:// on")
