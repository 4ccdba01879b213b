"""How loud each event is, and where notices go: `configs/notify.yaml` over defaults that work without it.

It exists so that an operator turns one event down without touching code, and so that a misspelt word is no silence.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Tuple

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from shared.errors import SettingInvalid, nearest
from shared.notices.notice import Notice
from shared.refusal import in_plain_words
from shared.settings_file import values_in

LEVELS = ("off", "digest", "thread", "channel", "mention")
NOTIFIERS = ("slack", "webhook", "console")  # alerts is always on: the digest reads what it wrote
OF_EVENTS: Dict[str, str] = {
    "ANSWER_NOT_ARCHIVED": "channel",
    "ANSWER_REFUSED": "channel",
    "BACKTEST_COMPLETED": "thread",  # the first of a strategy and day is told in the channel
    "BACKTEST_DRIFTED": "channel",
    "BACKTEST_FAILED": "channel",
    "BACKTEST_SKIPPED": "digest",
    "DIGEST_COMPOSED": "channel",
    "EOD_REPORTED": "channel",
    "HEALTH_TROUBLED": "channel",
    "INGEST_FAILED": "channel",
    "JOB_FAILED": "channel",
    "JOB_PUT_OFF": "channel",
    "NAS_SILENT": "channel",
    "NOTICE_TOLD": "channel",  # `notify send "…"`, by a person or a script
    "PC_SILENT": "channel",
    "PRICES_NOT_CARRIED": "channel",
    "PUBLICATION_REFUSED": "channel",
    "SHARE_TROUBLED": "channel",
    "SIGNALS_CHANGED": "channel",
    "SYNC_FAILED": "channel",
    "TABLES_LEFT_OUT": "channel",
    "WATCHLIST_REPORTED": "channel",
}
_OTHERS = {"INFO": "thread", "WARNING": "channel", "ERROR": "channel"}


class Rules(BaseModel):
    """What `configs/notify.yaml` may say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: str = "#invest_ops"
    mention: str = "here"  # who is called by `mention`: here, channel, or a member's id
    notifiers: Tuple[str, ...] = NOTIFIERS
    events: Dict[str, str] = {}

    @field_validator("channel", mode="before")
    @classmethod
    def _is_a_channel(cls, value: object) -> object:
        if not isinstance(value, str) or len(value.split()) != 1 or not any(map(str.isalpha, value)):
            raise ValueError('write one channel, like "#invest_ops" (in quotes), or its id, like C012AB3CD')
        return value

    @field_validator("mention", mode="before")
    @classmethod
    def _is_somebody(cls, value: object) -> object:
        if not isinstance(value, str):
            raise ValueError("name one: here, channel, or a member's id like U012AB3CD")
        if value not in ("here", "channel") and not (value[:1] in "UW" and value.isalnum() and value.isupper()):
            raise ValueError("name here, channel, or a member's id like U012AB3CD")
        return value

    @field_validator("notifiers", mode="before")
    @classmethod
    def _are_known(cls, value: object) -> object:
        if not isinstance(value, (list, tuple)):
            raise ValueError("write a list, like [slack, console]")
        for name in value:
            if name not in (*NOTIFIERS, "alerts"):
                raise ValueError(f"no notifier {name!r}; {nearest(str(name), NOTIFIERS)}")
        return value

    @field_validator("events", mode="before")
    @classmethod
    def _have_levels(cls, value: object) -> object:
        if not isinstance(value, dict):
            raise ValueError("write a line below it for each event, like `  JOB_FAILED: mention`")
        for event, level in value.items():
            if event not in OF_EVENTS:
                raise ValueError(f"no event {event!r}; {nearest(event, OF_EVENTS)}")
            if level not in LEVELS:
                raise ValueError(f"{event} cannot be {level!r}; {nearest(str(level), LEVELS)}")
        return value

    def loudness(self, notice: Notice) -> str:
        """off, digest, thread, channel or mention."""
        return self.events.get(notice.event) or OF_EVENTS.get(notice.event) or _OTHERS[notice.level]


def rules_from(file: Path) -> Rules:
    """The rules in force; SettingInvalid says what is wrong, and never repeats a secret that stands there."""
    try:
        values = values_in(file, "reading", as_written=True)  # an event that is `off` is meant
    except FileNotFoundError:
        return Rules()
    except OSError as error:
        raise SettingInvalid(f"reading {file}", type(error).__name__, "make it a text file this user may read") from error
    return _checked(values, file)


def _checked(values: Dict[str, Any], file: Path) -> Rules:
    for name in values:
        if name not in Rules.model_fields:
            raise SettingInvalid(f"reading {file}", f"no setting {name!r}", nearest(str(name), Rules.model_fields))
    try:
        return Rules.model_validate({name: value for name, value in values.items() if value != ""})
    except ValidationError as error:
        first = error.errors()[0]
    found = f"{first['loc'][0]}: {in_plain_words(first)}"
    raise SettingInvalid(f"reading {file}", found, "docs/notices.md shows every setting and event")
