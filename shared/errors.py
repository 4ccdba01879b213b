"""The errors every part speaks: what was being done, what was found, what to do, and a stable code.

They exist so that a log line, a manifest, a notice and a person all get the same four facts, and every error one status.
"""

from __future__ import annotations

from typing import ClassVar, Dict, Iterable

from shared.masking import masked

_MOST_NAMES = 40


class RelayError(Exception):
    """Something went wrong that we can name. `status` is that of an answer that tells it, `exit_code` a command's."""

    code: ClassVar[str] = "E-RELAY"
    status: ClassVar[str] = "FAILED"
    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, why: str = "", fix: str = "") -> None:
        # Half a character, from a file's name or a strategy's own words, can be written into no answer and no log.
        self.what, self.why, self.fix = (masked(part.encode("utf-8", "replace").decode()) for part in (what, why, fix))
        super().__init__(self.what, self.why, self.fix)

    def __str__(self) -> str:
        return "; ".join(part for part in (self.in_short, self.fix) if part)

    @property
    def in_short(self) -> str:
        """What was being done and what was found, without what to do."""
        return ": ".join(part for part in (self.what, self.why) if part)

    def as_dict(self) -> Dict[str, str]:
        """The `error` block of a manifest."""
        return {"code": self.code, "what": self.what, "why": self.why, "fix": self.fix}


class RequestInvalid(RelayError):
    """The request file cannot be read as a request."""

    code = "E-REQUEST-SCHEMA"
    status = "REJECTED"


class RequestUnreadable(RelayError):
    """The request file is there but its content may not be read."""

    code = "E-REQUEST-UNREADABLE"
    status = "REJECTED"


class RequestUnsupported(RelayError):
    """The request asks for something this version cannot honour."""

    code = "E-REQUEST-UNSUPPORTED"
    status = "REJECTED"


class RequestConflict(RelayError):
    """Another request of the same id, with other content, has already been answered."""

    code = "E-REQUEST-CONFLICT"
    status = "REJECTED"


class RequestNotFound(RelayError):
    """No request or answer goes by that name."""

    code = "E-REQUEST-NOT-FOUND"


class StrategyUnknown(RelayError):
    """The request names a strategy that is not here."""

    code = "E-STRATEGY-UNKNOWN"
    status = "REJECTED"


class StrategyFailed(RelayError):
    """The strategy's own code raised, or returned something that is not targets."""

    code = "E-STRATEGY-FAILED"


class LookAhead(RelayError):
    """The strategy decides otherwise once later prices are there: it knew the future."""

    code = "E-LOOK-AHEAD"


class WarmUpMissing(RelayError):
    """The strategy decided before it had the history it says it needs."""

    code = "E-WARM-UP"


class ParamsInvalid(RelayError):
    """The strategy does not take these parameters."""

    code = "E-PARAMS"
    status = "REJECTED"


class UniverseUnknown(RelayError):
    """The request names a universe that is not here."""

    code = "E-UNIVERSE-UNKNOWN"
    status = "REJECTED"


class UniverseEmpty(RelayError):
    """Nobody is left in the universe on the days asked for."""

    code = "E-UNIVERSE-EMPTY"


class DataMissing(RelayError):
    """Prices the run needs are not there."""

    code = "E-DATA-MISSING"


class DataUnusable(RelayError):
    """Prices that were dropped cannot be made into a panel: somebody has to mend the file."""

    code = "E-DATA-UNUSABLE"


class RequiredUnavailable(RelayError):
    """Something the request calls required is not there: the answer is SKIPPED."""

    code = "E-REQUIRED-UNAVAILABLE"
    status = "SKIPPED"


class ResultWrong(RelayError):
    """A check on the finished numbers failed: they are not published."""

    code = "E-RESULT-CHECK"


class RunCrashed(RelayError):
    """The process of a run ended without a word."""

    code = "E-RUN-CRASHED"


class RunTimedOut(RelayError):
    """The run took longer than it may."""

    code = "E-RUN-TIMEOUT"


class RunOutOfMemory(RelayError):
    """The run wanted more memory than it may have."""

    code = "E-RUN-MEMORY"


class RunFaulty(RelayError):
    """Our own code failed inside a run."""

    code = "E-RUN-FAULT"


class AttemptsUsedUp(RelayError):
    """Every allowed attempt ended with the death of its worker."""

    code = "E-ATTEMPTS"


class RequestExpired(RelayError):
    """The request was taken after the moment until which it made sense."""

    code = "E-EXPIRED"
    status = "EXPIRED"


class RequestCancelled(RelayError):
    """Somebody cancelled the request."""

    code = "E-CANCELLED"
    status = "CANCELLED"


class AnswerDamaged(RelayError):
    """An answer's files are not the ones its manifest names."""

    code = "E-ANSWER-DAMAGED"


class SettingInvalid(RelayError):
    """A setting has no such name or not such a value."""

    code = "E-SETTING"
    exit_code = 64


class UsageWrong(RelayError):
    """The command was called with words it does not know."""

    code = "E-USAGE"
    exit_code = 64


class PackageMissing(RelayError):
    """A library this command needs is not installed in this Python."""

    code = "E-PACKAGE-MISSING"
    exit_code = 3


class StillWaiting(RelayError):
    """The answer did not come within the time given; it still may."""

    code = "E-STILL-WAITING"
    exit_code = 2


class ShareUnreachable(RelayError):
    """The reports folder cannot be used right now."""

    code = "E-SHARE-UNREACHABLE"
    exit_code = 3


def in_words(error: BaseException) -> str:
    """`ValueError: the text`; also of one that cannot say it itself."""
    try:
        text = str(error)
    except BaseException as silent:
        text = f"it cannot be put into words ({type(silent).__name__})"
    return f"{type(error).__name__}: {text}"


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint for a person: the known word that looks most like theirs, and the list."""
    import difflib  # most commands misspell nothing

    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.5)
    hint = f"did you mean {close[0]!r}? " if close else ""
    shown = ", ".join(names[:_MOST_NAMES]) + (f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else "")
    return f"{hint}there are: {shown or 'none'}"
