"""What one check of doctor found: fine, to be looked at, or bad; said in both languages, with what to do about it.

It exists so that a check never prints, never raises and never knows which language the reader has.
"""

from __future__ import annotations

from typing import Callable, Dict, List, NamedTuple

from shared.errors import in_words
from shared.outcome import OK as FINE
from shared.outcome import OPERATIONAL, TRY_LATER
from shared.text import Text

OK, WARN, BAD = "ok", "warn", "bad"


class Found(NamedTuple):
    """What a check found. `fix`: what to do; a warning without one could not tell, and wants nobody's hand."""

    check: str
    verdict: str
    said: Text
    fix: Text = Text()

    @property
    def wants_a_hand(self) -> bool:
        """Whether somebody can and should do something about it."""
        return self.verdict == BAD or (self.verdict == WARN and self.fix != Text())

    def as_data(self, language: str) -> Dict[str, str]:
        """For `--json`; `fix` is empty where there is nothing to do."""
        said, fix = self.said.in_language(language), self.fix.in_language(language)
        return {"check": self.check, "verdict": self.verdict, "said": said, "fix": fix}


Check = Callable[[], Found]


def worst(found: List[Found], check: str) -> Found:
    """Several findings about one thing as one: the worst verdict, only what is at fault where something is."""
    verdict = next((grade for grade in (BAD, WARN) if any(one.verdict == grade for one in found)), OK)
    shown = [one for one in found if verdict == OK or one.verdict != OK]
    said, fix = _joined([one.said for one in shown], "; "), _joined([one.fix for one in shown], "; ")
    return Found(check, verdict, said, fix)


def cannot_tell(check: str, error: BaseException) -> Found:
    """The check itself failed: a warning that says why."""
    why = in_words(error)
    return Found(check, WARN, Text(f"확인할 수 없음: {why}", f"cannot be told: {why}"))


def exit_code(found: List[Found]) -> int:
    """3 where something is bad, 2 where a warning wants a hand, else 0."""
    if any(one.verdict == BAD for one in found):
        return OPERATIONAL
    return TRY_LATER if any(one.wants_a_hand for one in found) else FINE


def _joined(texts: List[Text], by: str) -> Text:
    said = [text for text in dict.fromkeys(texts) if text != Text()]
    return Text(by.join(text.ko for text in said), by.join(text.en for text in said))
