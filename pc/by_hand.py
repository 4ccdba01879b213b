"""One request file run without the shared queue: the ordinary road in a private folder, the answer where one wants it.

It exists so that a strategy can be tried while it is being written, with the very files a real answer has.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from inbox import asked_from, drop, make_inbox, open_inbox
from outbox import answers, manifest_of, open_outbox, take_out
from pc.desk import open_desk
from pc.launchers.here import open_launcher
from pc.worker import Worker
from shared import clock
from shared.config import load
from shared.disk import Disk
from shared.errors import RequestNotFound, UsageWrong
from shared.events import Log
from shared.one_line import clean_lines, json_line
from shared.outcome import exit_code


def run_file(file: str, out: str, as_json: bool) -> int:
    """Answer the request in `file` into a fresh folder under `out`; prints the report, or the manifest as JSON."""
    data = _content_of(Path(file))
    target = Path(out).absolute()
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".by-hand-", dir=target) as private:
        root, disk = Path(private), Disk(durable=False)
        inbox = open_inbox(root, disk)
        make_inbox(inbox)
        drop(inbox, Path(file).with_suffix(".json").name, data)
        settings = load().model_copy(update={"reports": root, "durable": False, "settle_seconds": 0.0})
        desk = open_desk(settings, Log(quiet=True), disk)
        Worker(desk, open_launcher(desk)).drain()
        outbox = open_outbox(root, disk)
        if not answers(outbox):
            raise _untaken(data, Path(file))
        request_id = answers(outbox)[0]
        manifest = manifest_of(outbox, request_id)
        answer = _fresh(target / request_id)
        take_out(outbox, request_id, answer)
    if as_json:
        print(json_line(manifest))
    else:
        print(clean_lines((answer / "report.txt").read_text(encoding="utf-8")))
    print(f"{manifest['status']} {answer}", file=sys.stderr)
    return exit_code([manifest["status"]])


def _untaken(data: bytes, file: Path) -> UsageWrong:
    """Why the queue took none of it."""
    request = asked_from(data, 0.0, file.stem).request
    if request and request.not_before and request.not_before > clock.now():
        return UsageWrong(f"running {file}", f"it is not to be run before {clock.iso(request.not_before)}", "take not_before out")
    return UsageWrong(f"running {file}", f"no request is called {file.name!r}: the queue passes it over", "rename the file")


def _content_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise RequestNotFound(f"reading {file}", error.strerror or str(error), "name a request file") from error


def _fresh(folder: Path) -> Path:
    """The folder, or the first `-2`, `-3`, … that is not there: an earlier answer is never replaced."""
    number, fresh = 1, folder
    while fresh.exists():
        number += 1
        fresh = folder.with_name(f"{folder.name}-{number}")
    return fresh
