"""Reading a request file, whatever it is, into one value: its id, its content's digest, and the request or the refusal.

It exists so that everything decided about a file is decided on content that was read once.
"""

from __future__ import annotations

import errno
import hashlib
import json
import re
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, NoReturn, Optional, Tuple

from inbox import ids
from inbox.folders import Inbox
from inbox.request import NAME_LISTS, Request, names_in, request_from
from inbox.web_contract import is_web_contract
from shared.errors import RelayError, RequestInvalid, RequestUnreadable

MAX_BYTES = 1_000_000
_NOT_CONTENT = ("requested_at", "requested_by")
_IDS = ("request_id", "run_id")
_DEEPEST = 64
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_OF_THIS_FILE = (errno.ELOOP, errno.EACCES, errno.EPERM, errno.ENXIO, errno.EAGAIN)  # anything else is the share's trouble
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class Asked(NamedTuple):
    """What a file asks for. `parsed`: it is no half-written file. `whole`: `data` is all there is to keep of it."""

    request_id: str
    digest: str
    data: bytes
    mtime: float
    request: Optional[Request]
    refusal: Optional[RelayError]
    parsed: bool
    whole: bool = True

    @property
    def is_readable(self) -> bool:
        """Whether the system let us read it."""
        return not isinstance(self.refusal, RequestUnreadable)


def read_asked(inbox: Inbox, path: Path, known_id: Optional[str] = None, before: Optional[Asked] = None) -> Optional[Asked]:
    """What lies at `path`; None if nothing does. `known_id` is the id of a file whose name is already ours.

    The very bytes that were read `before` are not parsed again, and a file that could be read then is refused no more."""
    try:
        content = inbox.disk.read(path, MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno not in _OF_THIS_FILE or (before is not None and before.is_readable):
            raise  # what could be read a moment ago is not to blame
        return _unreadable(inbox, path, error, known_id)
    if before is not None and before.whole and before.data == content.data:
        return before._replace(mtime=content.mtime)
    return asked_from(content.data, content.mtime, path.stem, known_id)


def asked_from(data: bytes, mtime: float, stem: str, known_id: Optional[str] = None) -> Asked:
    """The same from bytes."""
    try:
        content = content_of(data)
    except RelayError as refusal:
        request_id = known_id or ids.id_without_request_id(stem, mtime, data)
        return Asked(request_id, ids.sha(data), data[:MAX_BYTES], mtime, None, refusal, False, len(data) <= MAX_BYTES)
    named = content.get("request_id", content.get("run_id") if is_web_contract(content) else None)
    if isinstance(named, str) and named.strip():
        request_id = ids.safe_id(named)
    else:
        request_id = known_id or ids.id_without_request_id(stem, mtime, data)
    digest = digest_of(content)
    try:
        return Asked(request_id, digest, data, mtime, request_from(content), None, True)
    except RelayError as refusal:
        return Asked(request_id, digest, data, mtime, None, refusal, True)


def content_of(data: bytes) -> Dict[str, Any]:
    """The JSON object in a file's bytes; raises RequestInvalid saying what was found instead."""
    what = "parsing the request as JSON"
    if len(data) > MAX_BYTES:
        raise RequestInvalid(what, f"it is larger than {MAX_BYTES:,} bytes", "a request is one small JSON object")
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), "utf-8")
    try:
        text = data.decode(encoding)
        _refuse_depth(text)
        content = _DECODER.decode(text)
        if "\\ud" in text.lower():
            json.dumps(content, ensure_ascii=False).encode()  # half a character can be written into no answer
    except (ValueError, RecursionError) as error:
        found = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        raise RequestInvalid(what, found, "write one JSON object in UTF-8") from error
    if not isinstance(content, dict):
        raise RequestInvalid(what, f"found {type(content).__name__}, not an object", 'write {"strategy": …}')
    return content


def _refuse_depth(text: str) -> None:
    """What is nested too deep is refused here; how deep Python itself gets hangs on who called."""
    if text.count("[") + text.count("{") <= _DEEPEST:
        return
    depth = 0
    for sign in re.findall(r"[\[\]{}]", _STRING.sub("", text)):
        depth += 1 if sign in "[{" else -1
        if depth > _DEEPEST:
            raise ValueError(f"it is nested deeper than {_DEEPEST} levels")


def _unique(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        twice = sorted({name for name, _ in pairs if sum(1 for other, _ in pairs if other == name) > 1})
        raise ValueError(f"the field {twice[0][:80]!r} stands there twice")
    return content


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"{text[:40]} is too large")
    return number


def digest_of(content: Dict[str, Any]) -> str:
    """Of what is asked, not of how it is written, nor when and by whom: two files asking the same are duplicates."""
    asked = {name: _said_once(name, value) for name, value in content.items() if name not in _NOT_CONTENT}
    return hashlib.sha256(_SORTED.encode(asked).encode()).hexdigest()


def _said_once(name: str, value: object) -> object:
    """One way of saying what may be said in several: an id as it is kept here, names in a list."""
    if isinstance(value, str) and name in _IDS and value.strip():
        return ids.safe_id(value)
    return names_in(value) if isinstance(value, str) and name in NAME_LISTS and value.strip(" ,") else value


# Made once: json.loads and json.dumps would make them anew for every file.
_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite)
_SORTED = json.JSONEncoder(sort_keys=True)


def _unreadable(inbox: Inbox, path: Path, error: OSError, known_id: Optional[str]) -> Asked:
    """A link, a forbidden file, a file held open: named by where it lies, refused by what the system says."""
    mtime = inbox.disk.mtime(path)
    reason = error.strerror or type(error).__name__
    refusal = RequestUnreadable(
        f"reading {path.name!r}", f"{reason} (errno {error.errno})", "drop a plain file this user may read"
    )
    request_id = known_id or ids.id_without_request_id(path.stem, mtime, reason.encode())
    return Asked(request_id, ids.sha(reason.encode()), b"", mtime, None, refusal, False, False)
