"""Names of folders and files for symbols, whatever letters are in them.

It exists because `BRK/B`, `..`, `con` and `^KS11` are symbols, and no file system takes them all as they are.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import unquote

_PLAIN = re.compile(r"[A-Z0-9_.-]")  # small letters are not: to Windows and macOS `spy` and `SPY` are one name
_DEVICE = re.compile(r"(CON|PRN|AUX|NUL|COM\d|LPT\d)(\..*)?")
_LONGEST = 160
_HEAD = 60
_CUT = "~"


def safe_name(symbol: str) -> str:
    """A name of its own for every symbol: what is odd in it stands there as `%` and two digits. The end of what is too long
    for a file system is told by its sha256."""
    letters = [letter if _PLAIN.match(letter) else _escaped(letter) for letter in symbol]
    if letters and (letters[0] == "." or _DEVICE.fullmatch(symbol)):
        letters[0] = _escaped(symbol[0])
    if letters and letters[-1] == ".":
        letters[-1] = _escaped(".")
    name = "".join(letters) or _CUT
    if len(name) <= _LONGEST:
        return name
    return f"{name[:_HEAD]}{_CUT}{hashlib.sha256(_bytes(symbol)).hexdigest()[:32]}"


def symbol_in(name: str) -> str:
    """The symbol whose name that is; of one that was too long its beginning."""
    return unquote(name.partition(_CUT)[0], errors="replace")


def _escaped(letter: str) -> str:
    return "".join(f"%{byte:02X}" for byte in _bytes(letter))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
