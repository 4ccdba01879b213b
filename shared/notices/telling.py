"""What becomes of one notice on one way out: shown, counted, put into a channel, or kept for the digest.

It exists so that these rules are read in one place, and hold for Slack's bot, its webhook and anybody else's alike.
"""

from __future__ import annotations

from typing import NamedTuple, Optional, Set

from shared.notices import incident as incidents
from shared.notices.channel import Channel
from shared.notices.incident import Incident
from shared.notices.letter import Gone, Letter, Unfit
from shared.notices.unsent import Told
from shared.notices.way import Way


class Teller(NamedTuple):
    """A way out, until when (as time.monotonic tells it) it may be used now, and the incidents of which something waits on: what
    was told of them later must not be told before it."""

    way: Way
    deadline: float
    held: Set[str]

    def take(self, told: Told) -> bool:
        """Whether that notice is done with on this way; False: it waits here on."""
        way, notice = self.way, told.notice
        letter = Letter(notice, told.name, told.at, way.post.language)
        if not way.part.OUTSIDE:  # it shows every notice by itself, an end as an end
            return way.show(letter._replace(kind="over" if notice.recovers else "new"), self.deadline) is not None
        loudness = way.post.rules.loudness(notice)
        is_quiet = loudness in ("off", "digest") or notice.synthetic
        if notice.key:
            return self._in_turn(letter, told, is_quiet)
        return is_quiet or self._channel.post(letter, loudness) is not None

    def show_counted(self) -> bool:
        """Every incident counted since it was shown: edited, or told again at growing distances. False: not now."""
        post, known = self.way.post, incidents.open_incidents(self.way.post, self.way.name)
        return all(self._show_or_leave(one) for one in [one for one in known if one.is_to_be_shown(self._edits, post.now())])

    @property
    def _edits(self) -> bool:
        return bool(self.way.part.edits(self.way.post))

    @property
    def _channel(self) -> Channel:
        return Channel(self.way, self.deadline)

    def _in_turn(self, letter: Letter, told: Told, is_quiet: bool) -> bool:
        incident = f"{told.notice.event} {told.notice.key}"
        is_done = incident not in self.held and self._of_an_incident(letter, told, is_quiet)
        self.held.update([] if is_done else [incident])
        return is_done

    def _of_an_incident(self, letter: Letter, told: Told, is_quiet: bool) -> bool:
        found = incidents.find(self.way.post, self.way.name, told)
        if is_quiet:
            return self._end_quietly(found, told)
        if told.notice.recovers:
            return found is None or self._recover(found, told)
        return self._open(letter, told) if found is None else self._count(found, told)

    def _open(self, letter: Letter, told: Told) -> bool:
        mark = self._channel.post(letter, self.way.post.rules.loudness(told.notice))
        if mark is not None:
            self._remember(incidents.begun(told, mark))
        return mark is not None

    def _count(self, found: Incident, told: Told) -> bool:
        counted = found.again(told)
        if counted is not found:
            self._remember(counted)
        return True

    def _show_or_leave(self, counted: Incident) -> bool:
        """What is not taken as it stands now is left as it was, until there is more to say."""
        try:
            return self._show(counted)
        except (Unfit, Gone) as error:
            self.way.could_not_take(error)
            self._remember(counted._replace(shown=counted.times, ended=None))
            return True

    def _show(self, counted: Incident) -> bool:
        """As it stands now."""
        mark = self._channel.edit(counted.letter(self.way.post, "again"))
        line = None if mark is None else self._call_back(counted)
        if mark is None or line is None:
            return False
        is_told = not self._edits or counted.is_back_to_stay(self.way.post.now())
        ended = None if is_told else counted.ended
        self._remember(counted._replace(shown=counted.times, mark=mark, state=incidents.OPEN, line=line, ended=ended))
        return True

    def _call_back(self, counted: Incident) -> Optional[str]:
        """A short line that says it is over, while it is not, says so no longer. An edit calls nobody: what is back to stay is
        told by a line of its own."""
        letter, is_wrong = counted.letter(self.way.post, "back"), counted.state == incidents.BACK and counted.line
        line = self._channel.change(letter) if is_wrong else counted.line
        if line is not None and self._edits and counted.is_back_to_stay(self.way.post.now()):
            is_told = self._channel.post(letter._replace(edit=""), self.way.post.rules.loudness(counted.notice)) is not None
            return "" if is_told else None  # its end has a line of its own again
        return line

    def _recover(self, found: Incident, told: Told) -> bool:
        """The message says it is over, and one short line says so where people look: at the end; of what comes and goes it is
        one line. Where neither can be edited, and nobody was told that it is back, there is nothing to take back."""
        if found.state == incidents.OVER:
            return True
        ended = found.over(told)
        if self._edits and found.state != incidents.ENDING:
            mark = self._channel.edit(ended.letter(self.way.post, "closed"))
            if mark is None:
                return False
            ended = ended._replace(mark=mark, shown=ended.times)
            self._remember(
                ended._replace(state=incidents.ENDING)
            )  # a slow Slack may take the one and not the other: it goes on here
        says_so = self._edits or found.state == incidents.OPEN
        line = self._said_over(ended) if says_so else found.line
        if line is not None:
            self._remember(ended._replace(line=line))
        return line is not None

    def _said_over(self, ended: Incident) -> Optional[str]:
        try:
            return self._channel.edit(ended.letter(self.way.post, "over"))
        except (Unfit, Gone):
            self._remember(ended)  # over it is
            raise

    def _end_quietly(self, found: Optional[Incident], told: Told) -> bool:
        """Its event was turned down since it was told: it is over all the same, and stays open for nobody."""
        if found and told.notice.recovers and found.state != incidents.OVER:
            self._remember(found.over(told))
        return True

    def _remember(self, incident: Incident) -> None:
        incidents.remember(self.way.post, self.way.name, incident)
