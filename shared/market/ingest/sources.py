"""Who is asked for the prices of what, in which order and by which name: `configs/data_sources.yaml`, also that of old systems.

It exists so that the order of providers is one file people edit, and a misspelt name in it is refused before anybody is asked.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.catalog import Catalog
from shared.codes import is_code
from shared.errors import SettingInvalid, nearest
from shared.market.asking import Manners, nature_of
from shared.refusal import in_plain_words
from shared.settings_file import values_in
from shared.shipped import shipped

CACHED = "local_cache"  # what is kept of the others
# Of the earlier systems: they said something there that nothing ever read, or that is a setting or a universe here.
_NOT_OURS = ("env", "calendar", "defaults", "universe", "universe_builder", "postcheck_probes")
_SHIPPED = shipped("data_sources.yaml", __file__)
_PAGE = "docs/data-sources.md has every word"


_WORDS = ("benchmarks", "codes", "folders", "providers", "symbols", "aliases", "seconds", "apart", "sessions_at_once")


class Entry(BaseModel):
    """Who is asked for one instrument, and by what name: a word, or several that are tried in turn."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    providers: list[str]
    symbols: dict[str, str | list[str]] = Field(default_factory=dict)
    aliases: list[str] = Field(default_factory=list)


class Step(NamedTuple):
    """One question that may be asked: `symbol` as that provider calls it; of a provider of files also where the file lies."""

    provider: str
    symbol: str
    path: Path | None = None
    stands_in: bool = False  # for the instrument: another thing, which moves alike
    is_korean: bool = False  # its days are those of the Korean exchange


class Sources(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    benchmarks: dict[str, Entry] = Field(default_factory=dict)
    codes: Entry = Entry(providers=[CACHED, "naver"])
    folders: list[Path] = Field(default_factory=list)
    providers: dict[str, Manners] = Field(default_factory=dict)
    ignored: list[str] = Field(default_factory=list)  # sections of the earlier systems that say nothing here

    def named(self, instrument: str) -> str:
        """The instrument an alias means; any other word as it is."""
        return next((name for name, entry in self.benchmarks.items() if instrument in entry.aliases), instrument)

    def knows(self, instrument: str) -> bool:
        """Whether anybody may be asked for it."""
        return instrument in self.benchmarks or is_code(instrument)

    def is_korean(self, instrument: str) -> bool:
        """Whether its sessions are those of the Korean exchange."""
        return is_code(instrument) or any(nature_of(one).has_indexes_of_korea for one in self.benchmarks[instrument].providers)

    def manners(self, provider: str) -> Manners:
        """How that one is asked."""
        return self.providers.get(provider, Manners())

    def steps(self, instrument: str) -> list[Step]:
        """Who may be asked for it, in order; of providers of files only those that have one."""
        entry = self.benchmarks.get(instrument, self.codes)
        found = list[Step]()
        for provider in entry.providers:
            nature = nature_of(provider)
            if nature.ending:
                found += self._files(provider, _names(entry, "local_keys", instrument), instrument)
            else:
                own = _own_names(entry, instrument)
                named = _names(entry, provider, instrument)
                found += [Step(provider, name, stands_in=nature.has_etfs_alone and name not in own) for name in named]
        return [step._replace(is_korean=self.is_korean(instrument)) for step in found]

    def _files(self, provider: str, keys: list[str], instrument: str) -> list[Step]:
        """The first of them that is there: two files of one instrument would be one series of two minds."""
        own = _own_names(self.benchmarks.get(instrument, self.codes), instrument)
        named = [(folder / f"{key}{nature_of(provider).ending}", key) for folder in self.folders for key in keys]
        steps = [Step(provider, key, path, key not in own) for path, key in named if os.path.isfile(path)]
        return steps[:1]


def read_sources(file: Path | None = None, data: Path | None = None) -> Sources:
    """What the file says, the shipped one where none is named; SettingInvalid with the nearest word where it is wrong.

    What a file of one's own leaves out of codes, folders and manners is as shipped; folders under `data` are in that one."""
    file = file or _SHIPPED
    doing = f"reading where prices come from in {file}"
    if not file.is_file():
        raise SettingInvalid(doing, "there is no such file", "correct the setting data_sources, or empty it for the shipped one")
    usual = values_in(_SHIPPED, "reading where prices come from in", as_written=True)
    said = {name: usual[name] for name in ("codes", "folders", "providers")}
    said |= values_in(file, "reading where prices come from in", as_written=True)
    ignored = [name for name in _NOT_OURS if name in said]
    try:
        sources = Sources.model_validate({**{name: said[name] for name in said if name not in _NOT_OURS}, "ignored": ignored})
    except ValidationError as error:
        raise SettingInvalid(doing, _why(error), _PAGE) from None
    _refuse_unknown(sources, doing)
    home = file.parent.parent if file.parent.name in ("configs", "config") else file.parent
    return sources.model_copy(update={"folders": [_placed(folder, home, data) for folder in sources.folders]})


def _placed(folder: Path, home: Path, data: Path | None) -> Path:
    """A relative one below the checkout; one under `data` where the data are."""
    return data.joinpath(*folder.parts[1:]) if data and folder.parts[:1] == ("data",) else home / folder


def _own_names(entry: Entry, instrument: str) -> set[str]:
    """What is the instrument itself, by whichever name; an ETF in its place is not. Of a code everything is."""
    if is_code(instrument):
        return {name for key in entry.symbols for name in _names(entry, key, instrument)} | {instrument}
    named = [key for key in entry.symbols if key != "local_keys" and not nature_of(key).has_etfs_alone]
    return {instrument, *entry.aliases, *(name for key in named for name in _names(entry, key, instrument))}


def _names(entry: Entry, key: str, instrument: str) -> list[str]:
    said = entry.symbols.get(key, instrument)
    return [name.replace("{code}", instrument) for name in ([said] if isinstance(said, str) else said)]


def _refuse_unknown(sources: Sources, doing: str) -> None:
    """Made-up prices come only by their setting, never out of a chain of real ones."""
    known = {name for name in Catalog("shared.market.providers").names() if name != "synthetic"} | {CACHED}
    entries = {**sources.benchmarks, "codes": sources.codes}
    named = [(f"{name} names", one) for name, entry in entries.items() for one in entry.providers]
    named += [(f"symbols of {name} name", one) for name, entry in entries.items() for one in entry.symbols if one != "local_keys"]
    for where, one in [*named, *(("providers name", one) for one in sources.providers)]:
        if one not in known:
            raise SettingInvalid(doing, f"{where} {one!r}, which is no provider", nearest(one, known))


def _why(error: ValidationError) -> str:
    found = error.errors(include_url=False)[0]
    if found["type"] == "extra_forbidden":
        return f"{'.'.join(map(str, found['loc']))}: there is no such word; {nearest(str(found['loc'][-1]), _WORDS)}"
    return f"{'.'.join(map(str, found['loc']))}: {in_plain_words(found)}"
