"""A request that is asked again and again, as a person wrote it: `<name>.yaml`, the fields of a request.

It exists so that what is wrong in such a file is refused with its line before anything is asked, and `000660` stays a ticker.
"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Any, Dict, Iterator, NamedTuple

import inbox
from shared.errors import RelayError, RequestInvalid, SettingInvalid
from shared.settings_file import names_standing_in, values_in

_DOING = "reading what is asked every day in"
_NUMBER = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)")  # 000660 is none, nor is 12:30
_MERGED = "<<"
_OURS = {"request_id": "the day gives it its id: <name>-<day>", "requested_at": "the moment is when it is asked"}


class Question(NamedTuple):
    """`is_checked`: its strategy is here too, and its parameters are checked before it is asked."""

    name: str
    content: Dict[str, Any]
    is_checked: bool = True


def question_files(folder: Path) -> Dict[str, Path]:
    """By name; none where there is no such folder."""
    return {file.stem: file for file in sorted(folder.glob("*.yaml")) if not file.name.startswith(".")}


def read_question(file: Path) -> Question:
    """What stands there, checked as a request; what is wrong names the file and the line."""
    if not file.is_file():  # to read a pipe is to wait for whoever writes
        raise SettingInvalid(f"{_DOING} {file}", "it is no plain file", "put a file with the fields of a request there")
    said, written = (_values(file, as_written=as_written) for as_written in (False, True))
    with naming_the_line(file):
        content: Dict[str, Any] = _as_meant(said, written)
        is_checked = content.pop("unchecked", False) is not True
        _refuse_ours(content)
        inbox.request_from(content)
    return Question(file.stem, content, is_checked)


@contextlib.contextmanager
def naming_the_line(file: Path) -> Iterator[None]:
    """An error about what stands there says where."""
    try:
        yield
    except RelayError as error:
        line = _line_of(file, f"{error.why} {error.what}")
        raise type(error)(f"{file}, line {line}: {error.what}", error.why, error.fix) from error


def _refuse_ours(content: Dict[str, Any]) -> None:
    for name in sorted(set(content) & set(_OURS)):
        raise RequestInvalid("reading the request", f"{name} stands in it", f"take it out: {_OURS[name]}")


def _values(file: Path, as_written: bool) -> Dict[str, Any]:
    try:
        return values_in(file, _DOING, as_written)
    except OSError as error:
        raise SettingInvalid(f"{_DOING} {file}", str(error.strerror), "let this user read it") from error


def _as_meant(value: Any, written: Any) -> Any:
    """A day and a ticker stay the text they were written as; everything else is what YAML says it is."""
    if isinstance(value, dict) and isinstance(written, dict):
        if _MERGED in written or len(value) != len(written):
            found = f"`{_MERGED}` merges fields into others, or two names are one to YAML"
            raise RequestInvalid("reading the request", found, "write each field out, under a name of its own")
        return {name: _as_meant(one, text) for one, (name, text) in zip(value.values(), written.items())}
    if isinstance(value, list) and isinstance(written, list):
        return [_as_meant(one, text) for one, text in zip(value, written)]
    if value is None or isinstance(value, (bool, float, str)):
        return value
    return value if isinstance(value, int) and _NUMBER.fullmatch(str(written)) else written


def _line_of(file: Path, found: str) -> int:
    """Of the innermost name in it of which the error speaks; 1 where it speaks of none."""
    spoken_of = [one for one in names_standing_in(file) if re.search(rf"\b{re.escape(one.name)}\b", found)]
    return max(spoken_of, key=lambda one: (one.depth, -one.line)).line if spoken_of else 1
