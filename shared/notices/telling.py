"""What becomes of one notice on one way out: shown, counted, put into the day's thread, or kept for the digest.

It exists so that these rules are read in one place, and hold for Slack's bot, its webhook and anybody else's alike.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Optional

from shared.kept import Facts, keep, kept
from shared.notices import incident as incidents
from shared.notices.incident import Incident
from shared.notices.letter import Gone, Letter
from shared.notices.notice import Notice
from shared.notices.unsent import Told
from shared.notices.way import Way


class Teller(NamedTuple):
    """A way out, and until when (as time.monotonic tells it) it may be used now."""

    way: Way
    deadline: float

    def take(self, told: Told) -> bool:
        """Whether that notice is done with on this way; False: it waits here on."""
        way, notice = self.way, told.notice
        letter = Letter(notice, told.name, told.at, way.post.language)
        if not way.part.OUTSIDE:
            return way.show(letter, self.deadline) is not None
        loudness = way.post.rules.loudness(notice)
        if loudness in ("off", "digest") or notice.synthetic:
            return True
        if not notice.key:
            return self._post(letter, loudness) is not None
        found = incidents.find(way.post, way.name, notice)
        if notice.recovers:
            return found is None or self._recover(found, told)
        return self._open(letter, told) if found is None else self._count(found, told)

    def show_counted(self) -> bool:
        """Every incident counted since it was shown: edited, or told again at growing distances. False: not now."""
        edits = self.way.part.edits(self.way.post)
        counted = [one for one in incidents.open_incidents(self.way.post, self.way.name) if one.is_to_be_shown(edits)]
        for one in counted:
            mark = self._edit(one.letter(self.way.post, "again"))
            if mark is None:
                return False
            incidents.remember(self.way.post, self.way.name, one._replace(shown=one.times, mark=mark))
        return True

    # ---- incidents ----

    def _open(self, letter: Letter, told: Told) -> bool:
        mark = self._post(letter, self.way.post.rules.loudness(told.notice))
        if mark is not None:
            incidents.remember(self.way.post, self.way.name, incidents.begun(told, mark))
        return mark is not None

    def _count(self, found: Incident, told: Told) -> bool:
        counted = found.again(told)
        if counted is not found:
            incidents.remember(self.way.post, self.way.name, counted)
        return True

    def _recover(self, found: Incident, told: Told) -> bool:
        """The message says it is over, and one short line says so where people look: at the end."""
        ended = found._replace(last=told.at, last_name=told.name)
        if self.way.part.edits(self.way.post) and self._edit(ended.letter(self.way.post, "closed")) is None:
            return False
        loudness = self.way.post.rules.loudness(told.notice)
        over = ended.letter(self.way.post, "over")
        if self._post(over, "channel" if loudness == "mention" else loudness) is None:
            return False
        incidents.close(self.way.post, self.way.name, told.notice)
        return True

    def _edit(self, letter: Letter) -> Optional[str]:
        """The message as it is now; a new one where the old is no more, or this way can edit nothing."""
        if not self.way.part.edits(self.way.post):
            return self.way.show(letter._replace(edit=""), self.deadline)
        try:
            return self.way.show(letter, self.deadline)
        except Gone:
            return self.way.show(letter._replace(edit=""), self.deadline)

    # ---- the channel, or the day's thread ----

    def _post(self, letter: Letter, loudness: str) -> Optional[str]:
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
