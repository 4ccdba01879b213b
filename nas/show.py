"""`show`: one answer as a person wants to read it, or where its request is now.

It exists so that the way from an id to its numbers, its warnings and its files is one command.
"""

from __future__ import annotations

import argparse
import json

from inbox import find_request
from nas.desk import Desk, open_desk
from nas.find import resolve
from nas.labels import word
from nas.status import answer_line, look, run_line, short_answer
from outbox import is_answered, verify
from shared.outcome import exit_code


def show(options: argparse.Namespace) -> int:
    """The report, the status line and the files; verified first."""
    desk = open_desk()
    request_id = resolve(desk, options.id)
    if not is_answered(desk.outbox, request_id):
        return _show_open(desk, request_id, options.json)
    manifest = verify(desk.outbox, request_id)
    folder = desk.outbox.done / request_id
    if options.json:
        print(json.dumps({**manifest, "folder": str(folder)}, ensure_ascii=False))
        return exit_code([manifest["status"]])
    names = [entry["path"] for entry in manifest["files"]]
    if "report.txt" in names:
        print(desk.outbox.disk.read(folder / "report.txt").data.decode("utf-8", "replace").rstrip())
        print()
    print(answer_line(short_answer(desk, request_id), desk.settings.language))
    print("\n".join(f"  {folder / name}" for name in [*names, "manifest.json"]))
    return exit_code([manifest["status"]])


def _show_open(desk: Desk, request_id: str, as_json: bool) -> int:
    language = desk.settings.language
    run = next((run for run in look(desk)["running"] if run["request_id"] == request_id), None)
    file = find_request(desk.inbox, request_id)
    if as_json:
        print(
            json.dumps(
                {"request_id": request_id, "status": None, "running": run, "file": str(file) if file else None},
                ensure_ascii=False,
            )
        )
    else:
        print(run_line(run, language) if run else f"{word('pending', language)}  {request_id}  {file or ''}")
    return 0
