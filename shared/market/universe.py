"""A universe: the symbols one name stands for, written in `configs/universes/<name>.yaml`.

It exists so that a request can name a list instead of carrying it, and so that `000660` never becomes 432.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from shared.errors import SettingInvalid, UniverseUnknown, nearest

_WRITE = 'write `symbols: ["069500", "000660"]`'


def symbols_of(name: str, folder: Path) -> list[str]:
    """The symbols of universe `name`, in the file's order."""
    files = {file.stem: file for file in folder.glob("*.yaml")}
    if name not in files:
        raise UniverseUnknown(f"looking for universe {name!r}", f"{folder} has no {name}.yaml", nearest(name, files))
    return _symbols_in(files[name])


def _symbols_in(file: Path) -> list[str]:
    doing = f"reading the universe {file}"
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SettingInvalid(doing, f"not YAML: {' '.join(str(error).split())}", _WRITE) from error
    symbols = content.get("symbols") if isinstance(content, dict) else None
    if not isinstance(symbols, list) or not symbols:
        raise SettingInvalid(doing, "it lists no symbols", _WRITE)
    for place, symbol in enumerate(symbols, 1):
        if not isinstance(symbol, str) or not symbol.strip():
            raise SettingInvalid(doing, f"symbol {place} is {symbol!r}, not a string", 'write symbols in quotes, like "000660"')
    return list(dict.fromkeys(symbols))
