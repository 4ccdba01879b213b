"""`show`: one answer as a person wants to read it, or where its request is now.

It exists so that the way from an id to its numbers, its warnings and its files is one command.
"""

from __future__ import annotations

import argparse
from typing import List, Tuple

from nas.desk import Desk, open_desk
from nas.find import resolve
from nas.labels import word
from nas.seen import answered, waiting_request, where
from nas.wording import answer_line, where_data, where_lines
from outbox import Kept, is_answered, kept, report_in
from shared.one_line import clean_lines, json_line, one_line
from shared.outcome import exit_code


def show(options: argparse.Namespace) -> int:
    """The report, the status line and the files; verified first, wherever the answer lies."""
    desk = open_desk()
    request_id = resolve(desk, options.id)
    if not is_answered(desk.outbox, request_id):
        return _show_open(desk, request_id, options.json)
    answer, report = _read(desk, request_id)
    if options.json:
        told = {
            **answer.manifest,
            "folder": str(answer.folder),
            "archived": answer.is_archived,
            "left_out": _stayed(desk, answer),
        }
        print(json_line(told))
        return exit_code([answer.manifest["status"]])
    if report:
        print(f"{clean_lines(report).rstrip()}\n")
    print(answer_line(answered(desk, request_id), desk.settings.language))
    if answer.is_archived:
        print(f"  {word('archived', desk.settings.language).format(request_id)}")
    print("\n".join(map(one_line, _file_lines(desk, answer))))
    return exit_code([answer.manifest["status"]])


def _read(desk: Desk, request_id: str) -> Tuple[Kept, str]:
    """The answer and its report."""
    while True:
        answer = kept(desk.outbox, desk.settings.archive, request_id)
        try:
            return answer, report_in(desk.outbox, answer.folder) if "report.txt" in _files_of(answer) else ""
        except FileNotFoundError:
            # RACE: archived between the two: `kept` finds it where it is now, or says that there is none.
            continue


def _files_of(answer: Kept) -> List[str]:
    return [entry["path"] for entry in answer.manifest["files"]]


def _stayed(desk: Desk, answer: Kept) -> List[str]:
    """Those that are not here, as the carrier takes no such files: verified, so that nothing else is missing."""
    return [name for name in _files_of(answer) if not desk.own.exists(answer.folder / name)]


def _file_lines(desk: Desk, answer: Kept) -> List[str]:
    told = {name: f"  ({word('stayed', desk.settings.language)})" for name in _stayed(desk, answer)}
    return [f"  {answer.folder / name}{told.get(name, '')}" for name in [*_files_of(answer), "manifest.json"]]


def _show_open(desk: Desk, request_id: str, as_json: bool) -> int:
    here = where(desk, waiting_request(desk, request_id))
    if as_json:
        print(json_line(where_data(here)))
        return 0
    told = [line.whole for line in where_lines(here, desk.settings.language)]
    print("\n".join([*told, *(one_line(f"  {file}") for file in here.waiting.files)]))
    return 0
