"""The codes somebody watches: `watchlist.yaml` in each shape the earlier systems took.

It exists so that an old file works as it is, wherever these looked for it, and a code is never a number.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Optional

from nas.old_files.places import Places, found
from shared.codes import code_in
from shared.config import Settings
from shared.errors import SettingInvalid, nearest
from shared.settings_file import words_in

FILE = "watchlist.yaml"
_LISTS = ("codes", "tickers", "watchlist", "basket")
_NAMES = ("code", "ticker")
_OFF = ("false", "no", "n", "off", "0")
_SHAPES = "write a list of codes, `codes: [...]`, or a list of `{code: ..., is_active: ...}`"


class Watchlist(NamedTuple):
    """The codes in their order, each once; `file`: None where there is none."""

    codes: List[str]
    file: Optional[Path] = None


def watchlist_from(said: Optional[Path], settings: Settings) -> Watchlist:
    """What the file in force says; no codes where it is empty, or there is none."""
    file = found(said, Places(("KRX_WATCHLIST",), (FILE,), (settings.private,)), os.environ)
    if file is None:
        return Watchlist([])
    return Watchlist(list(dict.fromkeys(_codes(words_in(file, "reading"), file))), file)


def _codes(content: Any, file: Path) -> Iterator[str]:
    if content is None or content == "":
        return
    if isinstance(content, dict):
        content = _list_of(content, file)
    if isinstance(content, str):
        content = content.replace(",", " ").split()
    for number, one in enumerate(content, 1):
        code = _code(one)
        if code is None:
            raise SettingInvalid(f"reading {file}", f"entry {number} names no code", _SHAPES)
        if code:
            yield code


def _list_of(content: Dict[str, Any], file: Path) -> Any:
    """The first of its lists; what else stands there is another program's."""
    for name in _LISTS:
        if content.get(name):
            return content[name] if isinstance(content[name], (list, str)) else [None]
    if any(name in content for name in _LISTS):
        return []
    raise SettingInvalid(f"reading {file}", "it has no list", nearest(str(next(iter(content))), _LISTS))


def _code(one: Any) -> Optional[str]:
    """Empty where it is switched off; None where there is none."""
    if isinstance(one, dict):
        if str(one.get("is_active", "true")).strip().lower() in _OFF:
            return ""
        one = next((one[name] for name in _NAMES if one.get(name)), None)
    if not isinstance(one, str) or not one.strip():
        return None
    return code_in(one) or one.strip().upper()
