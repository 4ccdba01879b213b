"""The settings: defaults here, `configs/relay.yaml` over them, the environment over that; each knows its origin.

It exists so that a person can ask where a value came from, and so that a misspelt key is refused by name.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Tuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from shared import addresses, home
from shared.errors import SettingInvalid, nearest
from shared.masking import masked
from shared.refusal import in_plain_words
from shared.settings_file import values_in
from shared.working_hours import why_unreadable

PREFIX = "RELAY_"
CONFIG_VARIABLE, HOME, config_file = home.CONFIG_VARIABLE, home.HOME, home.config_file
FOLDERS = (
    "reports",
    "data",
    "logs",
    "strategies_path",
    "backtests",
    "archive",
    "private",
    "data_sources",
    "requests",
    "jobs",
    "backups",
    "backup_to",
)


class Settings(BaseModel):
    """Every setting there is; the description is what `config` and `.env.example` show."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    reports: Path = Field(Path("reports"), description="the folder both machines share: pending, running, done, …")
    data: Path = Field(Path("data"), description="prices and caches of this machine")
    logs: Path = Field(Path("logs"), description="log files of this machine")
    worker: str = Field("", description="this worker's name; empty: the host's name")
    slots: int = Field(0, ge=0, le=256, description="runs at the same time; 0: one per core, at most 4")
    strategies_path: Optional[Path] = Field(None, description="a folder of your own strategies, outside the repository")
    prices: str = Field(
        "local", pattern="^(local|synthetic)$", description="local, or synthetic: made up, and said so everywhere"
    )
    scan_seconds: float = Field(0.9, gt=0, le=3600, description="look at the folder at least this often, events or not")
    heartbeat_seconds: float = Field(2.0, gt=0, le=600, description="how often a worker shows that it is alive")
    lease_seconds: float = Field(60.0, gt=0, le=86400, description="a worker silent for longer is dead, its runs are taken over")
    settle_seconds: float = Field(
        5.0, ge=0, le=3600, description="an unparsable file younger than this may still be being written"
    )
    grace_seconds: float = Field(30.0, ge=0, le=3600, description="how long a stopping worker lets its runs finish")
    timeout_seconds: float = Field(3600.0, gt=0, le=604800, description="a run's time limit where its request names none")
    memory_mb: int = Field(4096, ge=64, le=4194304, description="a run's memory limit where its request names none")
    durable: bool = Field(True, description="fsync everything that is acknowledged; false only for folders that may be lost")
    language: str = Field("ko", pattern="^(ko|en)$", description="of reports and notices: ko or en")
    carrier: str = Field(
        "same_folder",
        pattern="^(same_folder|rsync|git)$",
        description="what moves files between the machines: same_folder (the share is mounted), rsync or git",
    )
    there: str = Field(
        "",
        description="the other side's reports, as the carrier writes it: pc:krx/reports, rsync://krx@pc/reports, a git "
        "repository; empty: the other side does the carrying",
    )
    there_data: str = Field("", description="the other side's data folder, for the price cache; empty: prices are not carried")
    carry_shell: str = Field("ssh", description="how rsync and git reach another machine: ssh with its options")
    carry_seconds: float = Field(60.0, ge=1, le=3600, description="a transfer that stands still for longer has failed")
    carry_every: float = Field(
        0.0, ge=0, le=3600, description="how many seconds apart a running worker syncs by itself; 0: as suits the carrier"
    )
    silent_hours: float = Field(
        1.0,
        gt=0,
        le=8760,
        description="the other side is told as silent after so many hours; the PC's only count while it should work",
    )
    working_hours: str = Field(
        "Mon-Fri 08:00-19:00", description="when the PC should work, Korean time; outside its silence is none"
    )
    prices_from: str = Field(
        "pc", pattern="^(pc|nas)$", description="the one side that fetches prices; they are carried to the other"
    )
    data_sources: Optional[Path] = Field(None, description="your own file of who is asked for prices; empty: the shipped one")
    requests: Path = Field(Path("configs/requests"), description="what `request_backtest` asks for every day, a file each")
    jobs: Optional[Path] = Field(None, description="your own file of what is set for jobs; it goes over the shipped one")
    completion_from: str = Field(
        "nas", pattern="^(pc|nas)$", description="the one side that sends the notice of a finished backtest"
    )
    backtests: Path = Field(
        Path("backtests"), description="where publish keeps one folder per answer, as the old readers expect it"
    )
    archive: Path = Field(Path("archive"), description="where archived answers go")
    archive_days: float = Field(30.0, gt=0, le=36500, description="answers older than this are archived")
    private: Path = Field(
        Path("secret"), description="a folder only this user may read: one file each for what must stand in no config"
    )
    backups: Path = Field(Path("backups"), description="where the NAS keeps its verified backups")
    backup_to: Optional[Path] = Field(None, description="a folder on the external disk, copied to on Sundays; empty: no copy")
    backup_days: int = Field(7, ge=1, le=366, description="so many daily backups are kept")
    backup_weeks: int = Field(5, ge=0, le=520, description="and so many weekly ones")

    @property
    def is_carried(self) -> bool:
        """Whether the two machines have a reports folder each, and files are carried between them."""
        return self.carrier != "same_folder" or bool(self.there)

    def log_of(self, side: str) -> Path:
        """The log of that side's programs on this machine; its name holds the day, as strftime writes it."""
        return self.logs / f"{side}_%Y-%m-%d.log"

    def lock_of(self, name: str) -> Path:
        """The lock of what only one program of this machine may be at."""
        return self.data / "locks" / name

    @field_validator(*addresses.NAMES)
    @classmethod
    def _no_address_holds_a_secret(cls, address: str) -> str:
        why = addresses.why_secret(address)
        if why:
            raise ValueError(why)
        return address

    @field_validator("working_hours")
    @classmethod
    def _hours_can_be_read(cls, hours: str) -> str:
        why = why_unreadable(hours)
        if why:
            raise ValueError(why)
        return hours

    @model_validator(mode="after")
    def _prices_do_not_travel_by_git(self) -> "Settings":
        if self.there_data and self.carrier == "git":
            raise ValueError("there_data is named and carrier is git: prices do not travel by git (small text only); empty it")
        return self

    @model_validator(mode="after")
    def _a_lease_outlasts_heartbeats(self) -> "Settings":
        if self.lease_seconds < 2 * self.heartbeat_seconds:
            raise ValueError(f"lease_seconds={self.lease_seconds:g} is less than two heartbeats of {self.heartbeat_seconds:g} s")
        return self


class Setting(BaseModel):
    """One setting as `config` shows it, without what is secret in it."""

    name: str
    value: Optional[str]
    origin: str


def load(environment: Optional[Mapping[str, str]] = None) -> Settings:
    """The settings in force; relative folders are taken from where the config file's checkout is."""
    return load_with_origins(environment)[0]


def load_with_origins(environment: Optional[Mapping[str, str]] = None) -> Tuple[Settings, List[Setting]]:
    """The settings in force and, one by one, where each came from."""
    env = os.environ if environment is None else environment
    file = config_file(env)
    values = values_in(file, "reading the settings from") if file else {}
    origins = dict.fromkeys(values, str(file))
    _refuse_unknown_variables(env)
    for name, variable in variables().items():
        if env.get(variable) or (variable in env and Settings.model_fields[name].default == ""):  # there empty says something
            values[name], origins[name] = env[variable], variable
    settings = _anchored(_checked(values, origins), home.home_of(file), origins)
    return settings, [_shown(settings, name, origins.get(name, "default")) for name in Settings.model_fields]


def may_make_reports(environment: Optional[Mapping[str, str]] = None) -> bool:
    """Whether nobody said where the reports are: then the folder may be made. A share that was named must be there."""
    return not is_named("reports", environment)


def is_named(name: str, environment: Optional[Mapping[str, str]] = None) -> bool:
    """Whether somebody said that setting's value: a folder that was named must be there, it is never made by the way."""
    return next(one.origin for one in load_with_origins(environment)[1] if one.name == name) != "default"


def variables() -> Dict[str, str]:
    """The environment variable of each setting."""
    return {name: PREFIX + name.upper() for name in Settings.model_fields}


def _refuse_unknown_variables(env: Mapping[str, str]) -> None:
    known = {*variables().values(), CONFIG_VARIABLE}
    for variable in sorted(env):
        if variable.startswith(PREFIX) and variable not in known:
            raise SettingInvalid(
                "reading the settings from the environment", f"no variable {variable!r}", nearest(variable, known)
            )


def _shown(settings: Settings, name: str, origin: str) -> Setting:
    value = getattr(settings, name)
    return Setting(name=name, value=None if value is None else masked(str(value)), origin=origin)


def _checked(values: Dict[str, object], origins: Mapping[str, str]) -> Settings:
    for name, value in values.items():
        if name not in Settings.model_fields:
            raise SettingInvalid(
                f"reading the settings from {origins[name]}", f"no setting {name!r}", nearest(str(name), Settings.model_fields)
            )
        if "\0" in str(value):
            raise SettingInvalid(f"reading the settings from {origins[name]}", f"{name} holds a NUL character", "take it out")
    given = {name: value for name, value in values.items() if value is not None}
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    if not name:
        raise SettingInvalid("reading the settings", in_plain_words(first), "`config` shows where each value comes from")
    value = "…" if name in addresses.NAMES else repr(given[name])  # what is wrong with an address may be its secret
    found = f"{name}={value}: {in_plain_words(first)}"
    raise SettingInvalid(f"reading the settings from {origins[name]}", found, Settings.model_fields[name].description or "")


def _anchored(settings: Settings, start: Path, origins: Mapping[str, str]) -> Settings:
    """Relative folders: from the environment they start at the current folder, from the file at its checkout."""
    changes: Dict[str, object] = {}
    for name in FOLDERS:
        path = getattr(settings, name)
        if path is not None:
            begin = Path.cwd() if origins.get(name, "").startswith(PREFIX) else start
            changes[name] = Path(os.path.abspath(begin / home.expanded(path, origins.get(name, "the defaults"))))
    changes["worker"] = settings.worker or socket.gethostname()
    changes["slots"] = settings.slots or min(4, os.cpu_count() or 1)
    return settings.model_copy(update=changes)
