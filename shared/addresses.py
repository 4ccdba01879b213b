"""What an address of the other side may look like: a place and a user's name, and never a secret.

It exists because an address is told in every line about a sync: whoever may read a log would read the password.
"""

from __future__ import annotations

import re

NAMES = ("there", "there_data")  # the settings that are such addresses
_URL = re.compile(r"(\w[\w+.-]*)://(.*)", re.DOTALL)
_USER = re.compile(r"[^\s/:@]+")
_HOST_AND_PORT = re.compile(r"(?:[^\s/:@]+@)?[^\s/:@]+:\d+/")
_PASSWORD_TO_SSH = re.compile(r"[^/@:]+:.*@[^/@]+:", re.DOTALL)
_BY_GIT = "let git keep it: `git config --global credential.helper store`; a name is its `credential.<url>.username`"
_BY_RSYNC = "put it into the file RSYNC_PASSWORD of the folder `private`, mode 600, or into the variable of that name"
_BY_SSH = "use a key: `carry_shell: ssh -i FILE`"


def why_secret(address: str) -> str:
    """What in it is or may be a secret, and where that belongs; empty where nothing is. Never the thing itself."""
    url = _URL.fullmatch(address)
    if not url:
        return f"it holds a password: {_BY_SSH}; of a daemon: {_BY_RSYNC}" if _PASSWORD_TO_SSH.match(address) else ""
    scheme, rest = url[1].lower(), url[2]
    if scheme == "file":
        return ""
    found = _in_url(scheme.startswith("http"), rest)
    return f"it holds {found}: {_remedy(scheme)}" if found else ""


def _in_url(is_web: bool, rest: str) -> str:
    if "?" in rest:
        return "a query, as tokens are written"
    if is_web and "@" in rest.partition("/")[0]:
        return "a user's name or a token, which nobody can tell apart"
    user, at, _ = rest.rpartition("@")
    if not at or _HOST_AND_PORT.match(rest):
        return ""
    is_in_the_path = "/" in user and ":" not in user
    return "" if _USER.fullmatch(user) or is_in_the_path else "a password"


def _remedy(scheme: str) -> str:
    return _BY_RSYNC if scheme == "rsync" else _BY_SSH if "ssh" in scheme else _BY_GIT
