"""Every state a disk may legally be in after a power cut: what was flushed is there, what was not may be lost, empty or torn.

It exists so that a story is told once over recorded file operations and then cut at each of them. The model:

- A file's content is on the platter as it was at its last fsync. What was written since may be lost (of a new file: it is
  empty), torn (half of the new bytes) or whole.
- A name (made, moved, removed) is on the platter once a folder it changes was fsynced after it; until then it may have
  happened or not, whatever became of others. A rename is atomic. What is on the platter brings with it the earlier steps it
  stands on (a name moved on was there before), and a step whose footing is lost did not happen.
- An fsync of a file says nothing of its name. An fsync of a folder says nothing of the folder's own name.

The bound: of the states at one moment these are built: everything lost; everything kept with what is not flushed whole,
empty, or torn; each pending name alone lost and alone kept; each unflushed content alone empty and alone torn; and three
seeded draws from all the others. Equal states are built once.
"""

from __future__ import annotations

import os
import random
import threading
from pathlib import Path
from typing import Any, Dict, FrozenSet, Iterator, List, NamedTuple, Optional, Set, Tuple

from shared.calls import Calls

HOME = 0  # the folder everything happens in
_DRAWS = 3
LOST, TORN, WHOLE = "lost", "torn", "whole"


class Name(NamedTuple):
    """A folder's entry."""

    folder: int
    name: str


class Step(NamedTuple):
    """One recorded operation: a name taken away, a name given, or both (a rename); new content; or a flush of the node."""

    node: int
    gone: Optional[Name] = None
    given: Optional[Name] = None
    content: Optional[bytes] = None
    flush: bool = False


class Start(NamedTuple):
    """What was there before, all of it on the platter: the entries of each folder, the content of each file."""

    entries: Dict[int, Dict[str, int]]
    contents: Dict[int, bytes]


class State(NamedTuple):
    """One legal state: after how many steps the power went, how it came about, every path and its content (None: a folder)."""

    cut: int
    how: str
    files: Tuple[Tuple[str, Optional[bytes]], ...]

    def build(self, home: Path) -> None:
        """Make it so, in a fresh folder."""
        home.mkdir()
        for path, content in self.files:
            if content is None:
                (home / path).mkdir()
            else:
                (home / path).write_bytes(content)


class Recorded:
    """The system's calls below one folder, carried out and written down."""

    def __init__(self, home: Path, calls: Any = Calls) -> None:
        self.steps: List[Step] = []
        self._home, self._calls, self._lock = str(home), calls, threading.RLock()
        self._now = _read(home)
        self.start = Start({node: dict(names) for node, names in self._now.entries.items()}, dict(self._now.contents))
        self._open: Dict[int, Tuple[int, int]] = {}  # descriptor: node, position
        self._next = max([*self._now.entries, *self._now.contents]) + 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self._calls, name)

    def open(self, path: Any, flags: int, mode: int = 0o777) -> int:
        """As os.open."""
        with self._lock:
            fd = int(self._calls.open(path, flags, mode))
            if flags & os.O_CREAT and self._node(path) is None:
                self._give(path, self._new(b""))
            node = self._node(path)
            self._open[fd] = (-1 if node is None else node, 0)
        return fd

    def write(self, fd: int, data: bytes) -> int:
        """As os.write."""
        with self._lock:
            written = int(self._calls.write(fd, data))
            node, at = self._open[fd]
            before = self._now.contents[node]
            self._write(node, before[:at] + bytes(data[:written]) + before[at + written :])
            self._open[fd] = (node, at + written)
        return written

    def truncate(self, fd: int, size: int) -> None:
        """As os.ftruncate."""
        with self._lock:
            self._calls.truncate(fd, size)
            node = self._open[fd][0]
            if len(self._now.contents[node]) != size:
                self._write(node, self._now.contents[node][:size])

    def fsync(self, fd: int) -> None:
        """As os.fsync."""
        self._calls.fsync(fd)
        with self._lock:
            self.steps.append(Step(self._open[fd][0], flush=True))

    def rename(self, source: Any, target: Any) -> None:
        """As os.rename."""
        self._moved(self._calls.rename, source, target)

    def replace(self, source: Any, target: Any) -> None:
        """As os.replace."""
        self._moved(self._calls.replace, source, target)

    def unlink(self, path: Any) -> None:
        """As os.unlink."""
        self._removed(self._calls.unlink, path)

    def rmdir(self, path: Any) -> None:
        """As os.rmdir."""
        self._removed(self._calls.rmdir, path)

    def mkdir(self, path: Any) -> None:
        """As os.mkdir."""
        with self._lock:
            self._calls.mkdir(path)
            self._give(path, self._new(None))

    def _moved(self, call: Any, source: Any, target: Any) -> None:
        with self._lock:
            self._adopt(source)
            call(source, target)
            old, new = self._name(source), self._name(target)
            node = self._now.entries[old.folder].pop(old.name)
            self._now.entries[new.folder][new.name] = node
            self.steps.append(Step(node, gone=old, given=new))

    def _removed(self, call: Any, path: Any) -> None:
        with self._lock:
            self._adopt(path)
            call(path)
            name = self._name(path)
            self.steps.append(Step(self._now.entries[name.folder].pop(name.name), gone=name))

    def _adopt(self, path: Any) -> None:
        """Somebody else's file, whose making was not recorded: as if it had been there from the start."""
        if self._node(path) is None and os.path.isfile(path):
            node, name = self._new(b""), self._name(path)
            self._now.contents[node] = self.start.contents[node] = Path(path).read_bytes()
            self._now.entries[name.folder][name.name] = self.start.entries[name.folder][name.name] = node

    def _new(self, content: Optional[bytes]) -> int:
        node, self._next = self._next, self._next + 1
        if content is None:
            self._now.entries[node], self.start.entries[node] = {}, {}
        else:
            self._now.contents[node] = content
        return node

    def _give(self, path: Any, node: int) -> None:
        name = self._name(path)
        self._now.entries[name.folder][name.name] = node
        self.steps.append(Step(node, given=name))

    def _write(self, node: int, content: bytes) -> None:
        self._now.contents[node] = content
        self.steps.append(Step(node, content=content))

    def _name(self, path: Any) -> Name:
        folder, name = os.path.split(os.fspath(path))
        found = self._node(folder)
        assert found is not None, f"{path} is outside what is recorded"
        return Name(found, name)

    def _node(self, path: Any) -> Optional[int]:
        below = os.path.relpath(os.fspath(path), self._home)
        node = HOME
        for part in [] if below == "." else below.split(os.sep):
            found = self._now.entries.get(node, {}).get(part)
            if found is None:
                return None
            node = found
        return node


def states(recorded: Recorded) -> List[State]:
    """Every state of the bound, at every moment of what was recorded; equal ones once."""
    found: Dict[Tuple[Tuple[str, Optional[bytes]], ...], State] = {}
    for cut in range(len(recorded.steps), -1, -1):  # the latest first: once all is told, more is promised
        for how, files in _States(recorded.start, recorded.steps[:cut]).all():
            if files not in found:
                found[files] = State(cut, how, files)
    return list(found.values())


class _States:
    """Those of one moment."""

    def __init__(self, start: Start, steps: List[Step]) -> None:
        self._start, self._steps = start, steps
        names = [at for at, step in enumerate(steps) if step.gone or step.given]
        self._fast = _on_the_platter(steps, names)
        self._names = [at for at in names if at not in self._fast]
        self._flushed: Dict[int, bytes] = {}
        self._latest: Dict[int, bytes] = {}
        for step in steps:
            if step.content is not None:
                self._latest[step.node] = step.content
            elif step.flush and step.node in self._latest:
                self._flushed[step.node] = self._latest[step.node]
        self._loose = [node for node, content in self._latest.items() if content != self._flushed.get(node)]

    def all(self) -> Iterator[Tuple[str, Tuple[Tuple[str, Optional[bytes]], ...]]]:
        """Each with how it came about."""
        everything = frozenset(self._names)
        for data in (WHOLE, LOST, TORN):
            yield f"all names kept, contents {data}", self._built(everything, dict.fromkeys(self._loose, data))
        yield "all lost", self._built(frozenset(), dict.fromkeys(self._loose, LOST))
        for at in self._names:
            yield f"only step {at} lost", self._built(everything - {at}, {})
            yield f"only step {at} kept", self._built(frozenset([at]), {})
        for node in self._loose:
            yield f"only file {node} empty", self._built(everything, {node: LOST})
            yield f"only file {node} torn", self._built(everything, {node: TORN})
        chance = random.Random(len(self._steps))
        for draw in range(_DRAWS if self._names else 0):
            kept = frozenset(at for at in self._names if chance.random() < 0.5)
            yield f"draw {draw}", self._built(kept, {node: chance.choice((LOST, TORN, WHOLE)) for node in self._loose})

    def _built(self, kept: FrozenSet[int], data: Dict[int, str]) -> Tuple[Tuple[str, Optional[bytes]], ...]:
        entries = {node: dict(names) for node, names in self._start.entries.items()}
        for at, step in enumerate(self._steps):
            if at in kept or at in self._fast:
                _apply(step, entries)
        return tuple(self._below(HOME, "", entries, data))

    def _below(
        self, node: int, path: str, entries: Dict[int, Dict[str, int]], data: Dict[int, str]
    ) -> Iterator[Tuple[str, Optional[bytes]]]:
        for name, inner in sorted(entries[node].items()):
            if inner in entries:
                yield f"{path}{name}", None
                yield from self._below(inner, f"{path}{name}/", entries, data)
            else:
                yield f"{path}{name}", self._content(inner, data.get(inner, WHOLE))

    def _content(self, node: int, how: str) -> bytes:
        old = self._flushed.get(node, self._start.contents.get(node, b""))
        new = self._latest.get(node, old)
        if how == TORN:
            return new[: len(new) // 2] + old[len(new) // 2 :]
        return old if how == LOST else new


def _on_the_platter(steps: List[Step], names: List[int]) -> Set[int]:
    """The steps with names that no power cut takes back any more."""
    fast: Set[int] = set()
    for at, step in enumerate(steps):
        if step.flush:
            fast.update(earlier for earlier in names if earlier < at and step.node in _folders(steps[earlier]))
    for at in reversed(names):  # what is there stands on what was there before
        gone = steps[at].gone
        if at in fast and gone:
            fast.update([earlier for earlier in names if earlier < at and steps[earlier].given == gone][-1:])
    return fast


def _folders(step: Step) -> List[int]:
    return [name.folder for name in (step.gone, step.given) if name]


def _apply(step: Step, entries: Dict[int, Dict[str, int]]) -> None:
    """A step whose footing is lost did not happen."""
    if step.gone and entries[step.gone.folder].get(step.gone.name) != step.node:
        return
    if step.given and not step.gone and step.given.name in entries[step.given.folder]:
        return
    if step.gone:
        del entries[step.gone.folder][step.gone.name]
    if step.given:
        entries[step.given.folder][step.given.name] = step.node


def _read(home: Path) -> Start:
    start, todo, count = Start({HOME: {}}, {}), [(HOME, home)], HOME
    while todo:
        node, folder = todo.pop()
        for path in sorted(folder.iterdir()):
            if path.is_symlink():
                continue  # laid by who makes the place, and again in every state
            count += 1
            start.entries[node][path.name] = count
            if path.is_dir():
                start.entries[count] = {}
                todo.append((count, path))
            else:
                start.contents[count] = path.read_bytes()
    return start
