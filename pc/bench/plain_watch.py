"""What others do with a folder: watchdog's bare callback, or a new process for every file, as `watchmedo` starts them.

It exists as the measure of the pick-up; run as a program, it says the moment of every file it was told.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_FINISHED = ".json"


class Handler:
    """What watchdog calls: the command is started and waited for, or where there is none the moment is printed."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command

    def dispatch(self, event: Any) -> None:
        """Only the finished name counts, once."""
        moment = time.perf_counter_ns()
        if event.event_type != "moved" or not str(event.dest_path).endswith(_FINISHED):
            return
        if self._command:
            subprocess.run(self._command, check=True)
        else:
            print(moment, flush=True)


class PlainWatch:
    """That program at work over a folder of its own."""

    def __init__(self, folder: Path, command: Sequence[str] = ()) -> None:
        folder.mkdir(parents=True)
        self._folder, self._number = folder, 0
        # -P: the folder of this file is no place to import from.
        program = [sys.executable, "-P", __file__, str(folder), *command]
        self._process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self._process.stdout.readline()  # it watches

    def __enter__(self) -> PlainWatch:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def latency(self) -> float:
        """Seconds from a rename within the folder to its being told."""
        self._number += 1
        draft = self._folder / f".{self._number}.tmp"
        draft.write_bytes(b"{}")
        began = time.perf_counter_ns()
        draft.rename(self._folder / f"{self._number}{_FINISHED}")
        assert self._process.stdout is not None
        return (int(self._process.stdout.readline()) - began) / 1e9


def main(folder: str, *command: str) -> None:
    """Watch until there is no more to read."""
    from watchdog.observers import Observer

    observer = Observer()
    handler: Any = Handler(command)
    observer.schedule(handler, folder)
    observer.start()
    print("watching", flush=True)
    sys.stdin.read()
    observer.stop()
    observer.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
