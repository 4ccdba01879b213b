"""How a letter looks: one plain text for every reader, and Slack's blocks made of the same words.

It exists so that what a person reads is decided in one place, within the limits of what Slack takes.
"""

from __future__ import annotations

from typing import Any, Dict, List

from shared.figures import day, lasting
from shared.notices.letter import Letter
from shared.notices.words import clock_of, word

PHONE, HEADER, SECTION, FIELD, FIELDS, PLAIN = 150, 150, 3000, 2000, 10, 3500
TAIL_LINES = 3
_SIGNS = {"INFO": "✅", "WARNING": "⚠️", "ERROR": "❌"}
_LONGEST_LINE = 300
_ONE_LINE = ("over", "back", "day")
Block = Dict[str, Any]


def text_of(letter: Letter) -> str:
    """What a telephone shows: the outcome first, at most 150 characters."""
    notice = letter.notice
    if letter.kind in ("closed", "over"):
        return cut(_recovered(letter), PHONE)
    if letter.kind == "back":
        return cut(f"{_SIGNS[notice.level]} {word('back', letter.language, letter.flaps)} · {notice.title}", PHONE)
    if letter.kind == "day":
        return cut(f"🧵 {word('day', letter.language, day(f'{letter.at:%Y-%m-%d}', letter.language))}", PHONE)
    counted = f" · {word('times', letter.language, letter.times)}" if letter.times > 1 else ""
    return cut(notice.summary or notice.headline, PHONE - len(counted)) + counted


def plain_of(letter: Letter) -> str:
    """All of it without any sign of Slack's: for a console, a program, and where blocks are not taken."""
    notice, lines = letter.notice, [text_of(letter)]
    if letter.kind in _ONE_LINE:
        return lines[0]
    lines += [line for line in (notice.headline, notice.opening, _again(letter)) if line and line not in lines]
    lines += [f"{label}: {value}" for label, value in list(notice.facts.items())[:FIELDS]]
    lines += [f"• {remark}" for remark in notice.remarks]
    lines += [f"{word('fix', letter.language)}: {notice.fix}"] if notice.fix else []
    lines += [f"  {line}" for line in tail_of(letter)]
    return cut("\n".join([*lines, notice.context] if notice.context else lines), PLAIN)


def blocks_of(letter: Letter) -> List[Block]:
    """The same as Block Kit: headline, what and why, figures, warnings, what to do, the end of the log, where and who."""
    notice = letter.notice
    if letter.kind in _ONE_LINE:
        return [_section(escaped(text_of(letter), SECTION))]
    rich = notice.opening or letter.kind == "closed"
    blocks = [_header(letter)] if rich else []
    blocks.append(_section(called(letter) + escaped(notice.opening or notice.headline, SECTION - 40)))
    blocks += [_small(_again(letter))] if _again(letter) else []
    blocks += [{"type": "section", "fields": _fields(letter)}] if notice.facts else []
    blocks += [_section(escaped("\n".join(f"• {remark}" for remark in notice.remarks), SECTION))] if notice.remarks else []
    blocks += [_section(_fix(letter))] if notice.fix else []
    blocks += [_section(f"```{code_of(tail_of(letter))}```")] if notice.tail else []
    return [*blocks, _small(notice.context)] if notice.context else blocks


def tail_of(letter: Letter) -> List[str]:
    """The last lines of the log."""
    return [cut(line, _LONGEST_LINE) for line in letter.notice.tail[-TAIL_LINES:]]


def code_of(lines: List[str]) -> str:
    """Lines as they may stand between the signs of a code block: they cannot end it."""
    return escaped("\n".join(lines).replace("```", "'''"), SECTION - 10)


def escaped(text: str, limit: int) -> str:
    """As Slack reads it literally, no name called and no link made, and within the limit after that."""
    allowed = limit
    while True:
        safe = cut(text, allowed).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        if len(safe) <= limit:
            return safe
        allowed -= max(1, (len(safe) - limit) // 5)


def called(letter: Letter) -> str:
    """Whom a mention calls; the only sign of Slack's that is meant."""
    if not letter.call:
        return ""
    return f"<!{letter.call}> " if letter.call in ("here", "channel") else f"<@{letter.call}> "


def cut(text: str, limit: int) -> str:
    """At most so long, and seen to be cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _recovered(letter: Letter) -> str:
    return f"✅ {_how_it_ended(letter)} · {letter.notice.title}"


def _how_it_ended(letter: Letter) -> str:
    """How long it lasted, and how often it came and went in that time; who shows no incidents knows neither."""
    if letter.since is None:
        return word("ended", letter.language)
    lasted = lasting((letter.at - letter.since).total_seconds(), letter.language)
    if letter.flaps > 1:
        return word("recovered_often", letter.language, lasted, letter.flaps)
    return word("recovered", letter.language, lasted)


def _again(letter: Letter) -> str:
    if letter.times <= 1:
        return ""
    since = letter.since or letter.at
    first = clock_of(since) if since.date() == letter.at.date() else f"{since:%m-%d} {clock_of(since)}"
    return word("again", letter.language, letter.times, first, clock_of(letter.at))


def _header(letter: Letter) -> Block:
    notice = letter.notice
    text = _recovered(letter) if letter.kind == "closed" else f"{_SIGNS[notice.level]} {notice.title}"
    return {"type": "header", "text": {"type": "plain_text", "text": cut(" ".join(text.split()), HEADER), "emoji": True}}


def _fields(letter: Letter) -> List[Dict[str, str]]:
    facts = list(letter.notice.facts.items())[:FIELDS]
    return [
        {"type": "mrkdwn", "text": f"*{escaped(label, 100)}*\n{escaped(value or '-', FIELD - 110)}"} for label, value in facts
    ]


def _fix(letter: Letter) -> str:
    fix = escaped(letter.notice.fix, SECTION - 60)
    shown = fix if "`" in fix or "\n" in fix else f"`{fix}`"
    return f"*{word('fix', letter.language)}*\n{shown}"


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text or "-"}}


def _small(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": escaped(text, FIELD)}]}
