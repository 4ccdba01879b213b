"""The same cycle by hand: what one would write without any care, one file operation after the other.

It exists as the measure of the queue: the same opens, renames and looks, the same JSON parsed and encoded, the same
sha256, and nothing else: no refusal, no retry, no model of a request, no error that says what to do.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import uuid
from pathlib import Path
from typing import Any, NamedTuple

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_ERROR = {"code": "E-EXPIRED", "what": "taking the request", "why": "it was good until yesterday", "fix": "`retry` asks again"}
_CONTENT = {"strategy": "krx_ma200", "params": {"window": 100}, "start": "2020-01-01", "end": "2024-12-31", "charts": False}
_FOLDERS = ("pending", "claims", "running", "running/bench", "building", "done", "answered")


class _Asked(NamedTuple):
    data: bytes
    content: dict[str, Any]
    digest: str


def cycle(root: Path, count: int) -> float:
    """All of them submitted, then all answered."""
    top = str(root)
    for folder in _FOLDERS:
        os.mkdir(f"{top}/{folder}")
    began = time.perf_counter()
    for number in range(count):
        _submit(top, number)
    for name in sorted(os.listdir(f"{top}/pending")):
        _answer(top, name)
    seconds = time.perf_counter() - began
    assert len(os.listdir(f"{top}/done")) == count
    return seconds


def _submit(top: str, number: int) -> None:
    moment = time.time()
    request_id = f"{moment:.6f}-krx_ma200-{os.urandom(3).hex()}"
    asked = {"schema": "relay.request/1", "requested_at": moment, **_CONTENT, "request_id": request_id}
    draft = f"{top}/pending/.{request_id}.{os.urandom(4).hex()}.tmp"
    _put(draft, json.dumps(asked, ensure_ascii=False).encode())
    os.rename(draft, f"{top}/pending/4-0-{request_id}.json")


def _answer(top: str, name: str) -> None:
    path = f"{top}/pending/{name}"
    asked = _parsed(_read(path))
    request_id, nonce = asked.content["request_id"], os.urandom(8).hex()
    shelf = hashlib.sha256(request_id.encode()).hexdigest()[:2]
    assert not _is_there(f"{top}/done/{request_id}/manifest.json")
    assert not _is_there(f"{top}/answered/{shelf}/{request_id}")
    claim, mine = f"{top}/claims/{request_id}.1.json", f"{top}/running/bench/{request_id}.1.json"
    assert not _is_there(claim)
    _put(claim, json.dumps({"incarnation": "bench", "host": "here", "pid": 1, "start": 0.0, "nonce": nonce}).encode())
    os.rename(path, mine)
    assert _read(mine) == asked.data
    assert not _is_there(f"{top}/done/{request_id}/manifest.json")
    assert not _is_there(f"{top}/answered/{shelf}/{request_id}")
    _seal(top, asked, nonce)
    os.unlink(mine)
    os.unlink(claim)


def _seal(top: str, asked: _Asked, nonce: str) -> None:
    request_id, run_id = asked.content["request_id"], str(uuid.uuid4())
    draft = f"{top}/building/{request_id}.1.{run_id}"
    os.mkdir(draft)
    files = []
    for name, content in (("request.json", asked.data), ("report.txt", "\n".join(_ERROR.values()).encode())):
        _put(f"{draft}/{name}", content)
        files.append({"path": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()})
    _put(f"{draft}/manifest.json", json.dumps(_manifest(asked, run_id, files), ensure_ascii=False).encode())
    fd = os.open(f"{top}/claims/{request_id}.1.json", os.O_RDONLY)
    os.fstat(fd)
    assert json.loads(os.read(fd, 1 << 16))["nonce"] == nonce
    os.close(fd)
    assert not _is_there(f"{top}/claims/{request_id}.2.json")
    os.rename(draft, f"{top}/done/{request_id}")


def _manifest(asked: _Asked, run_id: str, files: list[dict[str, Any]]) -> dict[str, Any]:
    moment = time.time()
    times = {"submitted": asked.content["requested_at"], "finished": moment, "claimed": moment, "started": moment}
    return {
        "schema": "relay.manifest/1",
        "status": "EXPIRED",
        "request_sha256": asked.digest,
        "strategy": asked.content["strategy"],
        "error": _ERROR,
        "environment": {"python": "3", "platform": "linux"},
        "worker": "bench",
        "attempts": [{"attempt": 1, "worker": "bench", "ended": "answered"}],
        "timings": {**times, "wait_ms": 0, "run_ms": 0, "phases": {}},
        "request_id": asked.content["request_id"],
        "run_id": run_id,
        "files": files,
    }


def _put(path: str, data: bytes) -> None:
    fd = os.open(path, _NEW, 0o666)
    os.write(fd, data)
    os.close(fd)


def _read(path: str) -> bytes:
    fd = os.open(path, os.O_RDONLY)
    os.fstat(fd)
    data = os.read(fd, 1 << 16)
    os.close(fd)
    return data


def _parsed(data: bytes) -> _Asked:
    content = json.loads(data)
    kept = {name: value for name, value in content.items() if name != "requested_at"}
    return _Asked(data, content, hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest())


def _is_there(path: str) -> bool:
    try:
        os.lstat(path)
    except FileNotFoundError:
        return False
    return True
