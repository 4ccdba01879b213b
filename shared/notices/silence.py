"""The other side's silence: told once when it begins to matter, and once when it is over.

It exists because two machines that no longer hear each other both look well by themselves.
"""

from __future__ import annotations

from typing import NamedTuple, Optional, Sequence

from shared.figures import lasting
from shared.notices.notice import Notice
from shared.notices.post import Post
from shared.notices.unsent import tell
from shared.notices.words import event_name
from shared.text import Table, Text, wording

_WORDS: Table = {
    "unheard": ("{age} 동안 소식이 없음", "nothing heard for {age}"),
    "sync_failed": ("마지막 동기화가 실패했습니다: {why}", "The last sync failed: {why}"),
    "sync_idle": (
        "NAS에서 `nas sync`가 실행되지 않거나 이 PC에 닿지 못합니다. 답은 이 PC에 그대로 있습니다.",
        "`nas sync` does not run on the NAS, or does not reach this PC. The answers are safe on this PC.",
    ),
    "waiting": ("{age}째 요청 {count}건을 가져가는 워커가 없음", "{count} waiting and no worker for {age}"),
    "running": ("{age} 전부터 워커 {worker} 응답 없음", "worker {worker} was last seen {age} ago"),
    "was_running": (
        "실행 중이던 요청: {ids}. 워커가 돌아오면 다시 실행됩니다.",
        "It ran {ids}, which runs again when a worker is back.",
    ),
    "is_kept": ("요청은 기다리며 잃지 않습니다.", "The requests wait; nothing is lost."),
    "fix_nas": ("python -m pc doctor", "python -m pc doctor"),
    "fix_pc": (
        "PC에서(꺼져 있으면 켜고) python -m pc doctor; 워커가 없으면 python -m pc watch",
        "on the PC, awake: python -m pc doctor; where no worker runs, python -m pc watch",
    ),
}
_SHOWN = 3


class Silence(NamedTuple):
    """Why one should look: in a few words, in a sentence, and the command to begin with; for the log and its reader alike."""

    cause: Text
    opening: Text
    fix: Text


def nas_silent(seconds: float, why: Optional[str]) -> Silence:
    """The PC heard nothing for so long; `why` its last sync failed, None where it did not."""
    opening = wording(_WORDS, "sync_failed", why=why) if why else wording(_WORDS, "sync_idle")
    return Silence(_lasting("unheard", seconds), opening, wording(_WORDS, "fix_nas"))


def pc_idle(count: int, seconds: float) -> Silence:
    """So many requests could be taken, and for so long nobody was there to."""
    return Silence(_lasting("waiting", seconds, count=count), wording(_WORDS, "is_kept"), wording(_WORDS, "fix_pc"))


def pc_gone(worker: str, ids: Sequence[str], seconds: float) -> Silence:
    """A worker that ran these was last seen so long ago, and no other lives."""
    shown = ", ".join(ids[:_SHOWN]) + (" …" if len(ids) > _SHOWN else "")
    opening = wording(_WORDS, "was_running", ids=shown)
    return Silence(_lasting("running", seconds, worker=worker), opening, wording(_WORDS, "fix_pc"))


def report_silence(post: Post, event: str, silence: Optional[Silence]) -> bool:
    """Tell it, or, None, that it is over; whether that is news. However often it is reported, it is one incident."""
    mark = post.folder / "silence" / event
    is_known = post.disk.exists(mark)
    if is_known == bool(silence):
        return False
    tell(post, notice_of(event, silence, post.language))  # before the mark: killed in between it is counted, not lost
    if silence:
        post.disk.ensure_folder(mark.parent)
        post.disk.create(mark, b"")
    else:
        post.disk.remove(mark)
    return True


def notice_of(event: str, silence: Optional[Silence], language: str) -> Notice:
    """What is told of it."""
    title = event_name(event, language)
    if silence is None:
        return Notice(event=event, level="INFO", title=title, key=event, recovers=True, logged=True)
    cause, opening, fix = (said.in_language(language) for said in silence)
    return Notice(
        event=event, level="WARNING", title=title, cause=cause, key=event, opening=f"{cause}. {opening}", fix=fix, logged=True
    )


def _lasting(key: str, seconds: float, **facts: object) -> Text:
    """What has lasted so long."""
    korean, english = (wording(_WORDS, key, age=lasting(seconds, language), **facts) for language in ("ko", "en"))
    return Text(korean.ko, english.en)
