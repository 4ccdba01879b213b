"""What a request is, and how a file's bytes become one.

It exists so that whatever lies in `pending` (ours, hand-made, the old systems', half a file) ends as a request
or as one clear refusal, and never as an exception.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, Dict, List, Literal, Optional, Type

from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError, field_validator, model_validator

from inbox.trading import Costs, Rules, no_flag, no_number
from inbox.web_contract import is_web_contract, translated
from shared import clock
from shared.errors import RelayError, RequestInvalid, RequestUnsupported, nearest
from shared.old_names import current_name

SCHEMA = "relay.request/1"
STRATEGY_COLUMN = "STRAT"
NAME_LISTS = ("benchmarks", "symbols", "required")
_NUMBERS = ("capital", "priority", "timeout_seconds", "memory_mb", "max_attempts")
_DAY_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def names_in(text: str) -> List[str]:
    """`"KOSPI,S&P500"` as the list it is."""
    return [name.strip() for name in text.split(",") if name.strip()]


# The model is built when first used (defer_build): `nas status` starts quicker for never using it.
class Request(BaseModel):
    """One request for one backtest; `strategy` is the only field without a default."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, populate_by_name=True, defer_build=True)

    schema_: str = Field(SCHEMA, alias="schema", pattern=r"^relay\.request/1$")
    request_id: Optional[str] = Field(None, min_length=1, max_length=400)
    strategy: str = Field(..., min_length=1, max_length=80)
    params: Dict[str, Any] = Field(default_factory=dict)
    grid: Dict[str, List[Any]] = Field(default_factory=dict)
    start: Optional[date] = None
    end: Optional[date] = None
    universe: Optional[str] = Field(None, min_length=1, max_length=80)
    symbols: List[str] = Field(default_factory=list, max_length=5000)
    benchmarks: List[str] = Field(default_factory=lambda: ["KOSPI"], max_length=20)
    required: List[str] = Field(default_factory=list, max_length=100)
    capital: int = Field(100_000_000, ge=1, le=10**15)
    costs: Costs = Costs()  # one for all: it is frozen
    rules: Rules = Rules()
    execution: str = Field("next_open", pattern="^(next_open|next_close|same_close)$")
    charts: Literal[True, False, "all"] = True
    fresh: StrictBool = False
    priority: int = Field(5, ge=0, le=9)
    not_before: Optional[datetime] = None
    expires_at: Optional[datetime] = None
    timeout_seconds: Optional[float] = Field(None, gt=0, le=604_800)
    memory_mb: Optional[int] = Field(None, ge=64, le=4_194_304)
    max_attempts: int = Field(3, ge=1, le=100)
    requested_by: Optional[str] = Field(None, max_length=200)
    requested_at: Optional[datetime] = None
    retry_of: Optional[str] = Field(None, max_length=400)
    labels: Dict[str, str] = Field(default_factory=dict, max_length=50)

    _numbers = field_validator(*_NUMBERS, mode="before")(no_flag)
    _flags = field_validator("charts", mode="before")(no_number)

    @field_validator("strategy")
    @classmethod
    def _by_its_name_here(cls, value: str) -> str:
        """The systems before this one had other names for some."""
        return current_name(value)

    @field_validator("start", "end", mode="before")
    @classmethod
    def _day_is_a_string(cls, value: object) -> object:
        """Pydantic would read 20200101 as seconds since 1970."""
        if value is None or (isinstance(value, str) and _DAY_WRITTEN.fullmatch(value)) or type(value) is date:
            return value
        raise ValueError('a day is written as "2024-12-31"')

    @field_validator("not_before", "expires_at", "requested_at", mode="before")
    @classmethod
    def _moment_is_a_string(cls, value: object) -> object:
        if value is None or isinstance(value, datetime) or _DAY_WRITTEN.match(str(value)):
            return value
        raise ValueError('a moment is written as "2026-11-20T18:00:00+09:00"')

    @field_validator("not_before", "expires_at", "requested_at", mode="after")
    @classmethod
    def _moment_is_aware(cls, value: Optional[datetime]) -> Optional[datetime]:
        """A moment without a zone is Korean time: that is where the people are."""
        if value is not None and not 1970 <= value.year <= 9000:
            raise ValueError("a moment lies between the years 1970 and 9000")
        return value.replace(tzinfo=clock.KST) if value is not None and value.tzinfo is None else value

    @field_validator(*NAME_LISTS, mode="before")
    @classmethod
    def _names_are_strings(cls, value: object) -> object:
        """`"KOSPI,S&P500"` is a list too; the number 432 never is the ticker 000660."""
        if isinstance(value, str):
            if not value.strip(" ,"):
                raise ValueError("it names nothing: leave it out, or name something")
            return names_in(value)
        for name in value if isinstance(value, list) else ():
            if not isinstance(name, str):
                raise ValueError(f'{name!r} is not a string: write tickers in quotes, like "000660"')
            if not name.strip() or len(name) > 80:
                raise ValueError(f"{name[:80]!r} is no name")
        return value

    @field_validator("benchmarks")
    @classmethod
    def _no_benchmark_is_the_strategy(cls, value: List[str]) -> List[str]:
        if STRATEGY_COLUMN in value:
            raise ValueError(f"{STRATEGY_COLUMN!r} is the strategy's own column in the results: leave it out")
        return value

    @field_validator("symbols")
    @classmethod
    def _tickers_are_single_words(cls, value: List[str]) -> List[str]:
        for ticker in value:
            if len(ticker.split()) > 1:
                raise ValueError(f"{ticker!r} is more than one ticker: put a comma between them")
        return value

    @model_validator(mode="after")
    def _days_in_order(self) -> "Request":
        if self.start and self.end and self.start > self.end:
            raise ValueError(f"start {self.start} is after end {self.end}")
        return self

    @model_validator(mode="after")
    def _moments_in_order(self) -> "Request":
        if self.not_before and self.expires_at and self.not_before >= self.expires_at:
            raise ValueError(f"it expires at {self.expires_at.isoformat()}, before it may run ({self.not_before.isoformat()})")
        return self

    @model_validator(mode="after")
    def _one_thing_to_trade(self) -> "Request":
        if self.universe and self.symbols:
            raise ValueError(f"universe {self.universe!r} and symbols both say what to trade: name one")
        return self


def request_from(content: Dict[str, Any]) -> Request:
    """The request in `content`, which may be ours, the old one-liner or the web contract; raises RequestInvalid."""
    content = translated(content) if is_web_contract(content) else content
    for name in content:
        if name not in _FIELDS:
            raise RequestInvalid("reading the request", f"unknown field {name[:80]!r}", nearest(name[:80], _FIELDS))
    try:
        request = Request.model_validate(content)
    except ValidationError as error:
        raise _explained(error) from error
    if request.grid:
        raise RequestUnsupported("reading the request", "grid asks for a sweep", "send one request per combination")
    return request


_FIELDS = frozenset("schema" if name == "schema_" else name for name in Request.model_fields)


_INNER: Dict[str, Type[BaseModel]] = {"costs": Costs, "rules": Rules}


def _explained(error: ValidationError) -> RelayError:
    problems = [_problem(one) for one in error.errors(include_url=False, include_context=False)[:5]]
    return RequestInvalid("reading the request", "; ".join(problems), "docs/files.md shows every field")


def _problem(one: Any) -> str:
    where = ".".join(str(part) for part in one["loc"])[:120] or "request"
    if one["type"] == "extra_forbidden" and one["loc"][0] in _INNER:
        return f"unknown field {where!r}: {nearest(str(one['loc'][-1])[:80], _INNER[one['loc'][0]].model_fields)}"
    found = repr(one.get("input"))[:80] if one["type"] != "missing" and one["loc"] else ""
    return f"{where}: {one['msg']}" + (f", found {found}" if found else "")
