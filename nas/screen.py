"""Where lines for a person go: changed in place on a terminal, told once with their time in a log or pipe.

It exists so that what is watched for hours leaves a log one can read: every line in it is news.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, NamedTuple

from shared import clock
from shared.one_line import one_line


class Line(NamedTuple):
    """One line. `about`: its subject, empty for a heading; `passing`: what grows by itself and is no news; `gone`: what is
    said once the subject is no longer there."""

    about: str
    text: str
    passing: str = ""
    gone: str = ""

    @property
    def whole(self) -> str:
        """All it says, whoever wrote the names in it."""
        return one_line(f"{self.text}{self.passing}")


class Screen:
    """A terminal, or whatever else that stream leads to."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._told: Dict[str, Line] = {}
        self._live: Any = None
        self._text: Callable[[str], Any] = str

    def __enter__(self) -> "Screen":
        if self._stream.isatty():
            from rich.console import Console
            from rich.live import Live
            from rich.text import Text

            self._text = Text
            self._live = Live(console=Console(file=self._stream), auto_refresh=False, transient=True)
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def now(self, shown: List[Line]) -> None:
        """This is how it stands now."""
        if self._live is not None:
            self._live.update(self._text("\n".join(line.whole for line in shown)), refresh=True)
        else:
            self._tell(shown)

    def _tell(self, shown: List[Line]) -> None:
        now = {line.about: line for line in shown if line.about}
        said = {about: line.text for about, line in self._told.items()}
        news = [line.whole for about, line in now.items() if line.text != said.get(about)]
        news += [one_line(line.gone) for about, line in self._told.items() if line.gone and about not in now]
        moment = clock.for_people(clock.now())
        for text in news:
            print(f"{moment}  {text.strip()}", file=self._stream, flush=True)
        self._told = now
