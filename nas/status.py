"""`status`: what waits, what runs and how far, who works, what was answered last; once, or whenever it changes.

It exists so that one command answers "how does it stand" to a person, to a log and to a program.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any, Dict, Iterator, Optional

from nas.desk import Desk, open_desk
from nas.screen import Screen
from nas.seen import Seen, look
from nas.wording import data, lines
from shared.one_line import json_line

_CALM = 0.5


def status(options: argparse.Namespace) -> int:
    """Once, or with --follow until Ctrl-C."""
    desk = open_desk()
    if options.follow:
        return _follow(desk, options.json)
    seen = look(desk)
    print(json_line(data(seen)) if options.json else _text(seen, desk.settings.language))
    return 0


def _text(seen: Seen, language: str) -> str:
    return "\n".join(line.whole for line in lines(seen, language))


def _follow(desk: Desk, as_json: bool) -> int:
    try:
        (_follow_json if as_json else _follow_lines)(desk)
    except KeyboardInterrupt:
        pass
    return 0


def _follow_lines(desk: Desk) -> None:
    with Screen(sys.stdout) as screen:
        for seen in _looks(desk):
            screen.now(lines(seen, desk.settings.language))


def _follow_json(desk: Desk) -> None:
    last: Optional[Dict[str, Any]] = None
    for seen in _looks(desk):
        news = _without_time(data(seen))
        if news != last:
            print(json_line(data(seen)), flush=True)
        last = news


def _without_time(told: Dict[str, Any]) -> Dict[str, Any]:
    """That time goes by is no change."""
    still = {"workers": ["age"], "running": ["seconds", "age"], "waiting_for": ["seconds"]}
    synced = {**told["synced"], "age": None} if told["synced"] else None
    return {
        **told,
        "at": None,
        "synced": synced,
        **{name: [{**one, **dict.fromkeys(ages)} for one in told[name]] for name, ages in still.items()},
    }


def _looks(desk: Desk) -> Iterator[Seen]:
    while True:
        yield look(desk)
        time.sleep(_CALM)
