"""Taking secrets out of text before anybody reads it: log lines, errors and notices pass here.

It exists so that one place knows what a secret looks like; a forgotten place would tell the world a token.
"""

from __future__ import annotations

import os
import re
from typing import Mapping, Optional, Set

SECRETS = (
    "SLACK_BOT_TOKEN",
    "SLACK_WEBHOOK_URL",
    "ALERT_WEBHOOK_URL",
    "KRX_ID",
    "KRX_PW",
    "AUTH_KEY",
    "KRX_OPENAPI_KEY",
    "RSYNC_PASSWORD",
)  # and the files of these names
SHOWN = "***"
_SHORTEST = 6  # a value as short as `1234` stands in many texts that tell no secret
_SLASH = r"(?:\\*(?:/|u002f)|%(?:25)*2f)"  # also as JSON escapes it, and as it stands within another address
_HOOK = rf"hooks\.slack(?:-gov)?\.com\.?(?:(?::|%(?:25)*3a)\d+)?{_SLASH}[\w/%\\-]+"
_OF_SLACK = re.compile(rf"\bx(?:ox[a-z]|app)-[\w.-]{{4,}}|{_HOOK}", re.IGNORECASE)
# However it looks, no place of a line is looked at more than so many times: one of 64 KB costs no minute.
_BEGIN = r"\w:\\*/\\*/"
_OF_A_URL = re.compile(rf"({_BEGIN}[^\s/?#:]*:)[^\s/?#]+@")  # to the last `@` before its path: a password may hold one, or quotes
_WITH_A_SLASH = re.compile(rf"{_BEGIN}[^\s/:@]*:")  # rsync takes a password that holds one
_UP_TO_AN_AT = re.compile(r"(?<![^\s\"'<>])[^\s\"'<>]+@")
_USER_OF_THE_WEB = re.compile(r"(\bhttps?:\\*/\\*/)[^\s/?#:\"'<>]+@", re.IGNORECASE)  # it may be a token as well
_OF_A_QUERY = re.compile(r"([?&#][\w.-]*(?:token|key|secret|pass|passw(?:or)?d|auth|sig(?:nature)?)=)[^\s&\"'<>]+", re.IGNORECASE)
_WORD = r"(?:'[^']*'|\"[^\"]*\"|[^\s\"'&,;]+)"
_OF_SSHPASS = re.compile(rf"(\bsshpass\b(?:\s+-[^p\s]\S*)*\s+-p\s*|\b(?:plink|pscp|psftp)\b.{{0,1000}}?\s-pw\s+){_WORD}")
_END_OF_A_NAME = r"(?:sshpass|passw(?:or)?d|passphrase|token|secret)"
_OF_AN_OPTION = re.compile(rf"((?:{_END_OF_A_NAME}=|--[\w-]{{0,64}}{_END_OF_A_NAME}\s+)){_WORD}", re.IGNORECASE)
_HIDDEN: Set[str] = set()
_AROUND, _STEP = 1 << 12, 1 << 9  # letters: a secret and what it is known by are shorter than the first
_NAMED = re.compile(r"\b((?:KRX_ID|KRX_PW|AUTH_KEY|RSYNC_PASSWORD)[\"']?\s*[=:]\s*[\"']?)[^\s\"'&,;]+", re.IGNORECASE)


def masked(text: str, environment: Optional[Mapping[str, str]] = None) -> str:
    """The text without tokens, hook addresses, passwords in addresses, and values of secret variables."""
    if len(text) < _SHORTEST:
        return text
    if "@" in text:
        for form in (_OF_A_URL, _USER_OF_THE_WEB):
            text = form.sub(rf"\g<1>{SHOWN}@", text)
        text = _UP_TO_AN_AT.sub(_without_password, text)
    if "://" in text:
        text = _OF_A_QUERY.sub(rf"\g<1>{SHOWN}", text)
    for form in (_OF_SSHPASS, _OF_AN_OPTION):
        text = form.sub(rf"\g<1>{SHOWN}", text)
    text = _NAMED.sub(rf"\g<1>{SHOWN}", _OF_SLACK.sub(_beginning, text))
    given = os.environ if environment is None else environment
    for value in sorted({*(given.get(name, "") for name in SECRETS), *_HIDDEN}, key=len, reverse=True):
        if len(value) >= _SHORTEST and value in text:
            text = text.replace(value, SHOWN)
    return text


def cut_between(text: str, before: int) -> int:
    """Where a text that is too long may be cut: before that place, and, as far as can be seen around it, within no secret."""
    places = range(before - _AROUND, max(0, before - 2 * _AROUND), -_STEP)
    return next((place for place in places if _is_between(text[place - _AROUND : place + _AROUND])), places[0])


def _is_between(text: str) -> bool:
    """Whether its halves tell no more, each masked alone, than the whole does."""
    begin, rest = text[:_AROUND], text[_AROUND:]
    return masked(begin) + masked(rest) == masked(text)


def masked_as(secret: str, text: str) -> str:
    """What a program said that was given this secret, without it, however short it is. In other texts so short a value is no
    secret but a count or a word: masking it there would tell what it is, by what is missing."""
    return text.replace(secret, SHOWN) if secret else text


def hide(name: str, value: str) -> None:
    """From now on nobody is shown that value, read from a file; unless a thing of that name is no secret."""
    if name in SECRETS:
        _HIDDEN.add(value)


def holds_token(text: str) -> bool:
    """Whether something in it looks like a token or a hook of Slack's."""
    return bool(_OF_SLACK.search(text))


def _without_password(found: "re.Match[str]") -> str:
    begins = _WITH_A_SLASH.search(found[0])
    return f"{found[0][: begins.end()]}{SHOWN}@" if begins else found[0]


def _beginning(found: "re.Match[str]") -> str:
    """Which kind it was helps whoever looks for it; a hook's address is known but for its secret part."""
    return (found[0][:5] if found[0][0] in "xX" else "hooks.slack.com/") + SHOWN
