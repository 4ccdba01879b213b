"""A file of settings: what stands in it, or one clear refusal that repeats nothing of it.

It exists because people paste tokens into config files, and errors about those files are read by everybody.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, NamedTuple

from shared.errors import SettingInvalid
from shared.masking import holds_token

_LARGEST, _MOST = 1 << 20, 300_000


def values_in(file: Path, doing: str, as_written: bool = False) -> Dict[str, object]:
    """Its `name: value` lines; `as_written` every value is text: to YAML `off` is false."""
    import yaml

    try:
        text = file.read_text(encoding="utf-8-sig")
        if holds_token(text):
            fix = "take it out, revoke it, and put the new one into the environment or a file of the folder `private`"
            raise SettingInvalid(f"{doing} {file}", "it holds what looks like a token or a hook of Slack's", fix)
        values = _loaded(text, yaml.BaseLoader if as_written else yaml.SafeLoader, once=True) or {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SettingInvalid(f"{doing} {file}", _what_is_wrong(error), "write `name: value` lines") from error
    if not isinstance(values, dict):
        raise SettingInvalid(f"{doing} {file}", f"found {type(values).__name__}", "write `name: value` lines")
    return values


def words_in(file: Path, doing: str) -> Any:
    """Whatever stands in a YAML file, every word as it is written: to YAML, 000660 without quotes is the number 432.

    It may be of another system and hold its tokens: nothing of it is repeated, and what is not asked for is left alone."""
    import yaml

    try:
        if file.stat().st_size > _LARGEST:
            raise SettingInvalid(f"{doing} {file}", "it is larger than 1 MB", "keep only what such a file holds")
        return _loaded(_text(file.read_bytes()), yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SettingInvalid(f"{doing} {file}", _what_is_wrong(error), "write it as docs/jobs.md shows") from error


class _Trick(ValueError):
    """It is YAML, and says something else than it seems to."""


def _loaded(text: str, loader: Any, once: bool = False) -> Any:
    """What it says, by a loader that makes no objects; `once`: no name may stand twice in one place."""
    made = loader(text)
    try:
        root = made.get_single_node()
        nodes = _unfolded(root)
        if once:
            _refuse_names_told_twice(nodes)
        return None if root is None else made.construct_document(root)
    finally:
        made.dispose()


def _unfolded(root: Any) -> List[Any]:
    """Every part of it, as often as it is said. _Trick where that never ends: aliases of aliases, or one within itself."""
    layer = [root]
    for node in layer:  # grows while it is walked
        if len(layer) > _MOST:
            raise _Trick(f"it unfolds to more than {_MOST:,} words: write them out, without aliases")
        inner = getattr(node, "value", None)
        for one in inner if isinstance(inner, list) else ():
            layer += one if isinstance(one, tuple) else [one]
    return layer


def _refuse_names_told_twice(nodes: List[Any]) -> None:
    """The last one would win, and nobody would know of the first."""
    for names in ([key for key, _ in node.value] for node in nodes if getattr(node, "id", "") == "mapping"):
        first = {str(name.value): name for name in reversed(names)}
        again = [name for name in names if first[str(name.value)] is not name]
        if again:
            raise _Trick(f"line {again[0].start_mark.line + 1}: a name that stood there before")


def _what_is_wrong(error: Exception) -> str:
    """Where it is and not what stands there: whatever file this is may hold secrets."""
    if isinstance(error, _Trick):
        return str(error)
    mark = getattr(error, "problem_mark", None)
    return f"not YAML at line {mark.line + 1}, column {mark.column + 1}" if mark else "not YAML"


def _text(data: bytes) -> str:
    """As we write it, and as a Korean Windows does."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp949")


class Standing(NamedTuple):
    """A name in a file of settings: in which line, and below how many others."""

    name: str
    line: int
    depth: int


def names_standing_in(file: Path) -> List[Standing]:
    """Every name of a file that can be read, so that an error may say where."""
    import yaml

    found: List[Standing] = []
    layer = [(0, yaml.compose(file.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader))]
    for depth, node in layer:  # grows while it is walked
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        found += [Standing(str(key.value), key.start_mark.line + 1, depth) for key, _ in pairs]
        layer += [(depth + 1, value) for _, value in pairs]
    return found
