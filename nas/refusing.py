"""Refused or not: which faults are an answer's own, what is remembered of them, and whether they were told before.

It exists so that no answer keeps another from being shown: a fault is an answer's, which is refused, or it is the share's.
"""

from __future__ import annotations

import contextlib
import errno
from typing import Any, Callable, Dict, Mapping, NamedTuple, Optional, Union

from nas.marks import LONGEST, Entry, Marks, forgive, published_ids, refusals
from outbox import Outbox, answers, times_of
from shared import clock
from shared.completion import is_real
from shared.errors import AnswerDamaged, RelayError, RequestNotFound, in_words

# No retry mends it: names, rights, and what is no file at all.
_OF_THE_ANSWER = (errno.EACCES, errno.EPERM, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ, errno.ENXIO)
_POISON = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError)


class AnswerSynthetic(RelayError):
    """Good news from prices that are made up, or not said to be real."""

    code = "E-ANSWER-SYNTHETIC"


class AnswerUnreadable(RelayError):
    """What lies in the place of an answer may not be read, or is a link to itself."""

    code = "E-ANSWER-UNREADABLE"


_WRONG = (AnswerDamaged, AnswerUnreadable)


class Refusal(NamedTuple):
    """Why an answer is not shown, and what is remembered of that."""

    error: RelayError
    entry: Entry

    @property
    def is_wrong(self) -> bool:
        """Whether somebody must do something about it: made-up prices were never meant to be shown."""
        return isinstance(self.error, _WRONG)

    def is_known(self, before: Optional[Entry]) -> bool:
        """Whether it was refused as the same for the same reason."""
        return before is not None and all(before.get(name) == self.entry[name] for name in ("times", "code", "why"))


def shown_or_refused(outbox: Outbox, request_id: str, show: Callable[[], Entry]) -> Union[Entry, Refusal, None]:
    """What `show` came back with, or what of the answer's own stood in its way; None where there is no answer. OSErrors that
    are not the answer's are raised."""
    times = _times(outbox, request_id)  # before it is read: what comes meanwhile is looked at again
    try:
        return show()
    except RequestNotFound:  # a folder without a manifest is no answer
        return None
    except RelayError as error:
        return _refusal(request_id, error, times)
    except OSError as error:
        if not _is_the_answers(outbox, request_id, error):
            raise
        return _refusal(request_id, _unreadable(request_id, error), "")  # its times may tell nothing: it is looked at again
    except _POISON as error:  # anybody may have sealed anything
        found = f"it holds what cannot be shown ({in_words(error)[:200]})"
        damaged = AnswerDamaged(_doing(request_id), found, "`python -m nas retry` asks again")
        return _refusal(request_id, damaged, times)


def require_its_own(manifest: Mapping[str, Any], request_id: str) -> None:
    """AnswerDamaged where it is another's, or does not say whose it is."""
    names = [manifest.get(name) for name in ("request_id", "run_id")]
    if len(request_id.encode("utf-8", "surrogateescape")) > LONGEST:
        raise AnswerDamaged(_doing(request_id), "no id is so long", "give its folder the name it was sealed under")
    if names[0] != request_id or not isinstance(names[1], str):
        found = f"its manifest is of request {names[0]!r}, run {names[1]!r}"
        raise AnswerDamaged(_doing(request_id), found, "bring the folder again from where it was sealed")
    if manifest["status"] == "SUCCEEDED" and not isinstance(manifest.get("strategy"), str):
        raise AnswerDamaged(_doing(request_id), "its manifest names no strategy", "`python -m nas retry` asks again")


def require_real(manifest: Mapping[str, Any], request_id: str) -> None:
    """AnswerSynthetic where it is good news from prices that are not said to be real."""
    if not is_real(manifest):
        found = "its prices are synthetic, or not said to be real"
        fix = f"set `prices: local` on the PC and start its worker anew, then `python -m nas retry {request_id}`"
        raise AnswerSynthetic(_doing(request_id), found, fix)


def refused_before(outbox: Outbox, marks: Marks) -> Dict[str, Entry]:
    """What was refused before; of an answer that is gone, or was published since, nothing is remembered."""
    there, published = set(answers(outbox)), published_ids(marks)
    found = refusals(marks)
    for request_id in [one for one in found if one not in there or one in published]:
        forgive(marks, request_id)
        del found[request_id]
    return found


def is_unchanged(outbox: Outbox, request_id: str, before: Optional[Entry]) -> bool:
    """Nothing of it was brought again since it was refused: it would be, for the same reason."""
    with contextlib.suppress(OSError):  # what cannot be asked is looked at again
        return before is not None and before.get("times") == times_of(outbox, request_id)
    return False


def _refusal(request_id: str, error: RelayError, times: str) -> Refusal:
    """`times`: as what it was seen."""
    return Refusal(error, {"request_id": request_id, **error.as_dict(), "since": clock.iso(clock.now()), "times": times})


def _times(outbox: Outbox, request_id: str) -> str:
    """As what it is seen; nothing where that cannot be asked: then it is looked at by every call."""
    with contextlib.suppress(OSError):
        return times_of(outbox, request_id)
    return ""


def _is_the_answers(outbox: Outbox, request_id: str, error: OSError) -> bool:
    """Whether it is that folder which cannot be read, and not the share, nor a place where we write."""
    place = str(outbox.done / request_id)
    is_below = str(error.filename) == place or str(error.filename).startswith(f"{place}/")
    # Windows says of a file that somebody holds open that we have no right to it.
    return is_below and error.errno in _OF_THE_ANSWER and getattr(error, "winerror", None) is None


def _unreadable(request_id: str, error: OSError) -> AnswerUnreadable:
    found, fix = f"{error.strerror} ({error.filename})", "mend its rights, or remove it: every call looks at it again"
    return AnswerUnreadable(_doing(request_id), found, fix)


def _doing(request_id: str) -> str:
    return f"publishing {request_id!r}"
