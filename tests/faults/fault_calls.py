"""The queue's file operations with one fault in them: the process dies before operation N, or operation N fails.

It exists so that a test can say "the 17th operation" of any story and mean every one of them in turn: whatever
`shared.disk.Calls` offers is wrapped by looking at it, so that a call added tomorrow is covered tomorrow.
"""

from __future__ import annotations

import errno
import os
import signal
import threading
from typing import Any, Callable, Dict, List, NamedTuple, NoReturn, Tuple

from shared.calls import Calls

LOOKING = frozenset(("read", "fstat", "close", "listdir", "lstat"))
_FOR_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

Fault = Callable[[str, Callable[..., Any], Tuple[Any, ...]], Any]
Only = Callable[[str, Tuple[Any, ...]], bool]


class Reached(NamedTuple):
    """One operation that was reached: its name, and whether the folder is another one after it."""

    name: str
    had_effect: bool
    changes: bool


def changes(name: str, arguments: Tuple[Any, ...]) -> bool:
    """Whether the operation may change something. An operation nobody knows yet does."""
    if name == "open":
        return bool(arguments[1] & _FOR_WRITING)
    return name not in LOOKING


class FaultyCalls:
    """`Calls`, with `fault` at operation number `at` (the first is 1; 0 is never). Counted are operations that change
    something, with `every` all of them; with `forever` all later ones meet the fault as well, or `only` those."""

    def __init__(
        self, fault: Fault | None = None, at: int = 0, *, every: bool = False, forever: bool = False, only: Only | None = None
    ) -> None:
        self.reached: List[Reached] = []
        self.struck = 0
        self._fault, self._at, self._every, self._forever, self._only = fault, at, every, forever, only
        self._lock = threading.Lock()
        for name in dir(Calls):
            if not name.startswith("_"):
                setattr(self, name, self._counted(name, getattr(Calls, name)))

    def _counted(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def act(*arguments: Any) -> Any:
            if not self._every and not changes(name, arguments):
                return call(*arguments)
            number = self._enter(name, arguments)
            if self._fault and self._is_struck(number, name, arguments):
                self.struck += 1
                return self._fault(name, call, arguments)
            try:
                return call(*arguments)
            except OSError:
                self.reached[number - 1] = self.reached[number - 1]._replace(had_effect=False)
                raise

        return act

    def _is_struck(self, number: int, name: str, arguments: Tuple[Any, ...]) -> bool:
        if number < self._at or not self._at or (number > self._at and not self._forever):
            return False
        return number == self._at or self._only is None or self._only(name, arguments)

    def _enter(self, name: str, arguments: Tuple[Any, ...]) -> int:
        effect = changes(name, arguments) and name != "fsync"
        if name == "open":
            effect = bool(arguments[1] & (os.O_CREAT | os.O_TRUNC))
        with self._lock:
            self.reached.append(Reached(name, effect, changes(name, arguments)))
            return len(self.reached)


# ---- faults ----


def die(name: str, call: Callable[..., Any], arguments: Tuple[Any, ...]) -> NoReturn:
    """The process is killed before the operation."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("SIGKILL came back")


def die_torn(name: str, call: Callable[..., Any], arguments: Tuple[Any, ...]) -> NoReturn:
    """The process is killed in the middle of a write."""
    _half(name, call, arguments)
    die(name, call, arguments)


def failing(make: Callable[[], OSError]) -> Fault:
    """The operation fails and does nothing, but for a close, which closes even where it fails."""

    def fault(name: str, call: Callable[..., Any], arguments: Tuple[Any, ...]) -> NoReturn:
        if name == "close":
            call(*arguments)
        raise make()

    return fault


def failing_half_way(make: Callable[[], OSError]) -> Fault:
    """Half of a write lands before it fails: how a disk becomes full."""

    def fault(name: str, call: Callable[..., Any], arguments: Tuple[Any, ...]) -> NoReturn:
        _half(name, call, arguments)
        failing(make)(name, call, arguments)
        raise AssertionError("unreachable")

    return fault


def failing_afterwards(make: Callable[[], OSError]) -> Fault:
    """The server did it, the word of it was lost: how a network share fails."""

    def fault(name: str, call: Callable[..., Any], arguments: Tuple[Any, ...]) -> NoReturn:
        result = call(*arguments)
        if name == "open":
            os.close(result)
        raise make()

    return fault


def _half(name: str, call: Callable[..., Any], arguments: Tuple[Any, ...]) -> None:
    if name == "write":
        call(arguments[0], arguments[1][: len(arguments[1]) // 2])


# ---- the errors ----

_BY_NAME = ("open", "rename", "replace", "unlink", "mkdir", "rmdir", "listdir", "lstat")
_BY_HANDLE = ("read", "write", "truncate", "fsync", "fstat", "close")


class Kind(NamedTuple):
    """One error of the share, and the operations that can give it (an unknown operation can give all)."""

    make: Callable[[], OSError]
    given_by: Tuple[str, ...]

    def may_hit(self, name: str, changing: bool) -> bool:
        """Whether that operation can fail so; a full disk does not hinder reading."""
        if name not in _BY_NAME + _BY_HANDLE:
            return True
        return name in self.given_by and (changing or self.make().errno != errno.ENOSPC)


def _posix(number: int) -> Callable[[], OSError]:
    return lambda: OSError(number, os.strerror(number))


def _windows(winerror: int) -> Callable[[], OSError]:
    """As Windows raises it; elsewhere only the attribute is missing, so it is set."""

    def make() -> OSError:
        error = PermissionError(errno.EACCES, f"winerror {winerror}")
        error.winerror = winerror  # type: ignore[attr-defined]
        return error

    return make


KINDS: Dict[str, Kind] = {
    "ENOSPC": Kind(_posix(errno.ENOSPC), ("open", "write", "truncate", "fsync", "close", "rename", "replace", "mkdir", "unlink")),
    "EIO": Kind(_posix(errno.EIO), _BY_NAME + _BY_HANDLE),
    "EACCES": Kind(_posix(errno.EACCES), _BY_NAME),
    "EMFILE": Kind(_posix(errno.EMFILE), ("open", "listdir")),
    "ESTALE": Kind(_posix(errno.ESTALE), _BY_NAME + _BY_HANDLE),
    "winerror 5": Kind(_windows(5), _BY_NAME),
    "winerror 32": Kind(_windows(32), _BY_NAME),
    "winerror 33": Kind(_windows(33), (*_BY_NAME, "read", "write")),
}
