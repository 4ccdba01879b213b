"""Where a letter goes on one way out: the channel, or the thread of the day; and the change of one that stands there.

It exists so that whoever counts incidents need not know what a thread is, nor which messages can be changed.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Optional

from shared.kept import Facts, keep, kept
from shared.notices.letter import Gone, Letter, Unfit
from shared.notices.notice import Notice
from shared.notices.way import Way


class Channel(NamedTuple):
    """That of a way out, and until when (as time.monotonic tells it) it may be used now. Each tells the mark of the message, or
    None where the way is closed: it was not shown."""

    way: Way
    deadline: float

    def post(self, letter: Letter, loudness: str) -> Optional[str]:
        """A new message: in the channel, or in the day's thread, where the first of a subject is its day's news."""
        if loudness != "thread" or not self.way.part.edits(self.way.post):
            call = self.way.post.rules.mention if loudness == "mention" else ""
            return self.way.show(letter._replace(call=call), self.deadline)
        day = self._today()
        if self._is_first(letter.notice, day):
            mark = self.way.show(letter, self.deadline)
            if mark is not None:
                self._keep_day({**day, "subjects": [*day["subjects"], letter.notice.subject]})
            return mark
        return self._below(letter, day)

    def edit(self, letter: Letter) -> Optional[str]:
        """The message as it is now; a new one, which calls nobody, where there is none, or this way can edit nothing."""
        mark = self.change(letter)
        if mark == "":
            loudness = self.way.post.rules.loudness(letter.notice)
            return self.post(letter._replace(edit=""), "channel" if loudness == "mention" else loudness)
        return mark

    def change(self, letter: Letter) -> Optional[str]:
        """The mark of the message that is changed now; empty where there is none to be changed, None where it was not shown."""
        if not letter.edit or not self.way.part.edits(self.way.post):
            return ""
        try:
            return self.way.show(letter, self.deadline)
        except Gone:
            return ""
        except Unfit as error:  # it stays as it was
            self.way.could_not_take(error)
            return letter.edit

    # ---- the thread of the day ----

    def _below(self, letter: Letter, day: Facts) -> Optional[str]:
        parent = day["mark"] or self.way.show(letter._replace(kind="day", at=self.way.post.now(), edit=""), self.deadline)
        if parent is None:
            return None
        if parent != day["mark"]:
            self._keep_day({**day, "mark": parent})
        try:
            return self.way.show(letter._replace(under=parent), self.deadline)
        except Gone:  # somebody removed the day's thread
            self._keep_day({**day, "mark": ""})
            return self.way.show(letter, self.deadline)

    def _is_first(self, notice: Notice, day: Facts) -> bool:
        return bool(notice.subject) and notice.subject not in day["subjects"]

    def _today(self) -> Facts:
        today = f"{self.way.post.now():%Y-%m-%d}"
        day = kept(self.way.post.disk, self._day_kept())
        return day if day.get("day") == today else {"day": today, "mark": "", "subjects": []}

    def _keep_day(self, day: Facts) -> None:
        keep(self.way.post.disk, self._day_kept(), day)

    def _day_kept(self) -> Path:
        return self.way.post.folder / "days" / f"{self.way.name}.json"
