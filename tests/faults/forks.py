"""Children of a test: forked, bounded in time, and what they found.

It exists so that thousands of workers can be killed in a test without starting one interpreter each.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import traceback
from pathlib import Path
from typing import Any, Callable, List, Sequence

from tests.harness.dose import THOROUGH

_AT_THE_SAME_TIME = 2
_SECONDS = 3_000 if THOROUGH else 100


def can_fork() -> bool:
    """Windows cannot; there the same stories are told with real processes only."""
    return hasattr(os, "fork")


def in_a_child(act: Callable[[], Any]) -> int:
    """Run it in a forked child; 0, or minus the signal that ended it. AssertionError with its traceback if it raised."""
    report, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        _be_the_child(act, theirs)
    os.close(theirs)
    with os.fdopen(report, "rb") as stream:
        told = stream.read()
    status = os.waitpid(pid, 0)[1]
    assert not told, told.decode("utf-8", "replace")
    return os.waitstatus_to_exitcode(status)


def shared_out(work: Callable[[Any], Any], items: Sequence[Any], folder: Path) -> List[Any]:
    """`work` of every item, in order, by two children at the same time (in turn where nothing forks)."""
    if not can_fork():
        return [work(item) for item in items]
    gc.collect()
    gc.freeze()  # what the parent has is not looked through, and so not copied, by every child
    hands = [items[first::_AT_THE_SAME_TIME] for first in range(_AT_THE_SAME_TIME)]
    children = [_start(work, hand, folder / f"found-{place}") for place, hand in enumerate(hands)]
    found: List[Any] = [None] * len(items)
    wrong = []
    for place, pid in enumerate(children):
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        file = folder / f"found-{place}"
        if code == 0:
            found[place::_AT_THE_SAME_TIME] = pickle.loads(file.read_bytes())
        else:
            wrong.append(f"child {place} ended with {code}: {file.read_text() if file.exists() else ''}")
    gc.unfreeze()
    assert not wrong, "\n".join(wrong)
    return found


def _start(work: Callable[[Any], Any], hand: Sequence[Any], file: Path) -> int:
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            signal.alarm(_SECONDS)  # bounded, whatever happens
            file.write_bytes(pickle.dumps([_named(work, item) for item in hand]))
            code = 0
        except BaseException:
            file.write_text(traceback.format_exc())
        finally:
            os._exit(code)
    return pid


def _named(work: Callable[[Any], Any], item: Any) -> Any:
    try:
        return work(item)
    except BaseException as error:
        raise RuntimeError(f"at {item}") from error


def _be_the_child(act: Callable[[], Any], report: int) -> None:
    """Never returns: neither pytest nor anything else of the parent may go on in the child."""
    try:
        signal.alarm(_SECONDS)
        act()
    except BaseException:
        os.write(report, traceback.format_exc().encode()[-60_000:])
    finally:
        os._exit(0)
