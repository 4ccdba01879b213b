"""What becomes of one notice on one way out: shown, counted, put into the day's thread, or kept for the digest.

It exists so that these rules are read in one place, and hold for Slack's bot, its webhook and anybody else's alike.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Optional

from shared.kept import Facts, keep, kept
from shared.notices import incident as incidents
from shared.notices.incident import Incident
from shared.notices.letter import Gone, Letter, Unfit
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
        if not way.part.OUTSIDE:  # it shows every notice by itself, an end as an end
            return way.show(letter._replace(kind="over" if notice.recovers else "new"), self.deadline) is not None
        loudness = way.post.rules.loudness(notice)
        is_quiet = loudness in ("off", "digest") or notice.synthetic
        if not notice.key:
            return is_quiet or self._post(letter, loudness) is not None
        found = incidents.find(way.post, way.name, told)
        if is_quiet:
            return self._end_quietly(found, told)
        if notice.recovers:
            return found is None or self._recover(found, told)
        return self._open(letter, told) if found is None else self._count(found, told)

    def show_counted(self) -> bool:
        """Every incident counted since it was shown: edited, or told again at growing distances. False: not now."""
        post = self.way.post
        counted = [
            one
            for one in incidents.open_incidents(post, self.way.name)
            if one.is_to_be_shown(self.way.part.edits(post), post.now())
        ]
        return all(self._show(one) for one in counted)

    # ---- incidents ----

    def _open(self, letter: Letter, told: Told) -> bool:
        mark = self._post(letter, self.way.post.rules.loudness(told.notice))
        if mark is not None:
            self._remember(incidents.begun(told, mark))
        return mark is not None

    def _count(self, found: Incident, told: Told) -> bool:
        counted = found.again(told)
        if counted is not found:
            self._remember(counted)
        return True

    def _show(self, counted: Incident) -> bool:
        """As it stands now. A short line that says it is over, while it is not, says so no longer."""
        mark = self._edit(counted.letter(self.way.post, "again"))
        if mark is None:
            return False
        line: Optional[str] = counted.line
        if counted.state == incidents.BACK and line:
            line = self._changed(counted.letter(self.way.post, "back"))
        if line is not None:
            self._remember(counted._replace(shown=counted.times, mark=mark, state=incidents.OPEN, line=line))
        return line is not None

    def _recover(self, found: Incident, told: Told) -> bool:
        """The message says it is over, and one short line says so where people look: at the end; of what comes and goes it is
        one line. Where neither can be edited, and nobody was told that it is back, there is nothing to take back."""
        if found.state == incidents.OVER:
            return True
        ended, edits = found.over(told), self.way.part.edits(self.way.post)
        mark = self._edit(ended.letter(self.way.post, "closed")) if edits else ""
        if mark is None:
            return False
        says_so = edits or found.state == incidents.OPEN
        line = self._edit(ended.letter(self.way.post, "over")) if says_so else found.line
        if line is None:
            return False
        self._remember(ended._replace(mark=mark, line=line, shown=ended.times if edits else ended.shown))
        return True

    def _end_quietly(self, found: Optional[Incident], told: Told) -> bool:
        """Its event was turned down since it was told: it is over all the same, and stays open for nobody."""
        if found and told.notice.recovers and found.state != incidents.OVER:
            self._remember(found.over(told))
        return True

    def _remember(self, incident: Incident) -> None:
        incidents.remember(self.way.post, self.way.name, incident)

    def _edit(self, letter: Letter) -> Optional[str]:
        """The message as it is now; a new one, which calls nobody, where there is none, or this way can edit nothing."""
        mark = self._changed(letter)
        if mark == "":
            loudness = self.way.post.rules.loudness(letter.notice)
            return self._post(letter._replace(edit=""), "channel" if loudness == "mention" else loudness)
        return mark

    def _changed(self, letter: Letter) -> Optional[str]:
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
