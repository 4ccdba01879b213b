"""`show`: one answer as a person wants to read it, or where its request is now.

It exists so that the way from an id to its numbers, its warnings and its files is one command.
"""

from __future__ import annotations

import argparse
import json

from nas.desk import Desk, open_desk
from nas.find import resolve
from nas.seen import answered, waiting_request, where
from nas.wording import answer_line, waiting_data, where_line
from outbox import is_answered, report_of, verify
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
        print(report_of(desk.outbox, request_id).rstrip())
        print()
    print(answer_line(answered(desk, request_id), desk.settings.language))
    print("\n".join(f"  {folder / name}" for name in [*names, "manifest.json"]))
    return exit_code([manifest["status"]])


def _show_open(desk: Desk, request_id: str, as_json: bool) -> int:
    here = where(desk, waiting_request(desk, request_id))
    files = [str(file) for file in here.waiting.files]
    if as_json:
        facts = {"status": None, "running": here.run._asdict() if here.run else None, "file": files[0] if files else None}
        print(json.dumps({**waiting_data(here.waiting), **facts}, ensure_ascii=False))
    else:
        print("\n".join([where_line(here, desk.settings.language).whole, *(f"  {file}" for file in files)]))
    return 0
