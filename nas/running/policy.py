"""What is set for each job: configs/jobs.yaml, an operator's own file over it, under the words of the earlier runner.

It exists so that when a job runs, how often it is tried and who hears of it is read in one place, and a misspelt word is refused.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from nas.running.cron import Cron
from shared.catalog import Catalog
from shared.errors import SettingInvalid, UsageWrong, nearest
from shared.outcome import TRY_LATER
from shared.refusal import in_plain_words
from shared.settings_file import values_in
from shared.shipped import shipped

JOBS = "nas.jobs"
_SHIPPED = shipped("jobs.yaml", __file__)
_DOING = "reading what is set for jobs in"


class Retry(BaseModel):
    """Ended with `rc`, it is tried again so many times, so many seconds apart."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rc: int = Field(2, ge=1, le=255)
    max: int = Field(0, ge=0, le=100)
    sleep: float = Field(300.0, ge=0, le=86400)


class Policy(BaseModel):
    """What is set for one job."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: List[str] = Field(default_factory=list)  # cron's five fields, Korean time; none: nobody starts it by the clock
    guard: str = Field("none", pattern="^(none|td|th)$")
    retry: Retry = Retry()
    timeout: float = Field(3600.0, gt=0, le=604800)  # seconds
    lock: str = Field("", pattern=r"^[a-z0-9_]{0,40}$")  # empty: the job's own name
    notify: str = Field("failed", pattern="^(failed|late|off)$")  # late: also where it was put off to the end

    @field_validator("at", mode="before")
    @classmethod
    def _one_or_several(cls, said: Any) -> Any:
        return [said] if isinstance(said, str) and said.strip() else said or []

    @field_validator("at")
    @classmethod
    def _times_can_be_read(cls, said: List[str]) -> List[str]:
        return [Cron(one).text for one in said]


def policies(own: Optional[Path] = None) -> Dict[str, Policy]:
    """Of every job there is; what an own file says of one, it says of that one's words alone."""
    usual = values_in(_SHIPPED, _DOING, as_written=True)
    said = values_in(_there(own), _DOING, as_written=True) if own else {}
    known = Catalog(JOBS).names()
    for name in said:
        if name not in known:
            raise SettingInvalid(f"{_DOING} {own}", f"there is no job {name!r}", nearest(str(name), known))
    return {name: _policy(name, usual.get(name), said.get(name), own) for name in known}


def policy_of(job: str, own: Optional[Path] = None) -> Policy:
    """Of that one, which there is."""
    return policies(own)[job]


def refuse_unknown(job: str) -> None:
    """UsageWrong with the nearest name where there is no such job."""
    known = Catalog(JOBS).names()
    if job not in known:
        raise UsageWrong(f"running the job {job!r}", "there is no such job", nearest(job, known))


def _there(own: Path) -> Path:
    if not own.is_file():
        fix = "correct the setting jobs, or empty it for the shipped one"
        raise SettingInvalid(f"{_DOING} {own}", "there is no such file", fix)
    return own


def _policy(name: str, usual: object, said: object, own: Optional[Path]) -> Policy:
    parts = [one or {} for one in (usual, said)]
    odd = next((one for one in parts if not isinstance(one, dict)), None)
    if odd is not None:
        raise SettingInvalid(f"{_DOING} {own or _SHIPPED}", f"{name}: found {odd!r}", "write `guard: td` and the like below it")
    merged: Dict[str, Any] = {word: value for part in parts for word, value in part.items()}  # type: ignore[attr-defined]
    try:
        return _of_ours(Policy.model_validate(merged), f"{_DOING} {own or _SHIPPED}", name)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
    place = ".".join(map(str, (name, *found["loc"])))
    known = Retry.model_fields if "retry" in found["loc"] else Policy.model_fields
    is_unknown = found["type"] == "extra_forbidden"
    fix = nearest(str(found["loc"][-1]), known) if is_unknown else "docs/jobs.md has every word"
    raise SettingInvalid(f"{_DOING} {own or _SHIPPED}", f"{place}: {in_plain_words(found)}", fix)


def _of_ours(policy: Policy, doing: str, name: str) -> Policy:
    """A job of ours says by its type that it is to be tried again: no other code ever means that."""
    if policy.retry.rc == TRY_LATER:
        return policy
    found = f"{name}.retry.rc: {policy.retry.rc}, and a job of ours ends with {TRY_LATER} where it is to be tried again"
    raise SettingInvalid(doing, found, "leave rc out: max says how often")
