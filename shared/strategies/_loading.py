"""The word every strategy answers with, and how one is loaded and asked.

It exists so that whatever goes wrong in a strategy is told as its own fault, with the line; it loads on the oldest
Python of ours and without numpy.
"""

from __future__ import annotations

import hashlib
import os
import traceback
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Dict, Iterator, Optional, Set, Tuple, Type

from pydantic import BaseModel, ValidationError

from shared.catalog import Catalog
from shared.document import written
from shared.errors import DataMissing, ParamsInvalid, StrategyFailed, StrategyUnknown, in_words, nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from shared.market import Prices
    from shared.market.picking import Sight, Standing


@dataclass(frozen=True, eq=False)
class Targets:
    """What a strategy wants: at `rows[k]` of its prices it decided to hold `weights[k]`, one share of equity per symbol.

    `rows` ascend; every weight is ≥ 0; a row of weights adds up to at most 1, the rest is cash. A decision stands
    until the next one. Row t may only use what was known at the close of row t. A decision that repeats the one before
    trades nothing, unless `rebalance`: then every one brings the holdings back to their weights. No stop loss sells what
    is `kept`; `notes` say what a reader of the result should look at twice.
    """

    rows: NDArray[Any]
    weights: NDArray[Any]
    rebalance: bool = False
    kept: Tuple[str, ...] = ()
    notes: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Strategy:
    """One file of the catalog with the parameters it is asked with."""

    name: str
    file: Path
    module: ModuleType
    params: BaseModel
    sha256: str


def strategy_of(name: str, given: Dict[str, Any], own_folder: Optional[Path]) -> Strategy:
    """Strategy `name` with its parameters checked; StrategyUnknown, ParamsInvalid, or StrategyFailed when it does not load."""
    catalog = Catalog("shared.strategies", own_folder)
    files = catalog.names()
    if name not in files:
        where = own_folder or "strategies_path, which is not set"
        raise StrategyUnknown(f"looking for strategy {name!r}", f"neither ours nor in {where}", nearest(name, files))
    with _blamed(f"loading strategy {name!r}", files[name]):
        content = files[name].read_bytes()
        module = catalog.load(name)
        if not callable(module.decide):
            raise TypeError("decide is not a function")
        params = _checked(name, module.Params, given)
        _refuse_unwritable(name, params)
    # Kept at the module: a running worker has loaded a file of ours once, and the file may have changed since.
    digest = vars(module).setdefault("__sha256__", hashlib.sha256(content).hexdigest())
    return Strategy(name, files[name], module, params, digest)


def decided(strategy: Strategy, prices: Prices) -> Targets:
    """What the strategy wants on these prices; StrategyFailed when its code raises or answers something else."""
    doing = f"deciding with strategy {strategy.name!r}"
    with _blamed(doing, strategy.file):
        targets = strategy.module.decide(prices, strategy.params)
    if not isinstance(targets, Targets):
        fix = "end decide() with `return Targets(rows, weights)`"
        raise StrategyFailed(doing, f"returned {type(targets).__name__}, not Targets", fix)
    return targets


def standing_of(strategy: Strategy, sight: Sight) -> Optional[Standing]:
    """What the strategy knows at these decisions, whoever holds what; None where it has no `standing(sight, params)`."""
    told = getattr(strategy.module, "standing", None)
    if told is None:
        return None
    with _blamed(f"asking strategy {strategy.name!r} how it stands", strategy.file):
        found: Standing = told(sight, strategy.params)
    return found


def lookback_of(strategy: Strategy) -> Optional[int]:
    """How many sessions the strategy says it needs before it may decide; None where it has no `lookback(params)`."""
    told = getattr(strategy.module, "lookback", None)
    if told is None:
        return None
    doing = f"asking strategy {strategy.name!r} for its lookback"
    with _blamed(doing, strategy.file):
        sessions = told(strategy.params)
    if type(sessions) is not int or sessions < 1:
        raise StrategyFailed(doing, f"lookback() returned {sessions!r:.80}", "return the number of sessions, 1 or more")
    return sessions


_SHOWN_OF_A_FIELD = (
    "type",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "enum",
    "pattern",
    "default",
)


def _checked(name: str, model: Type[BaseModel], given: Dict[str, Any]) -> BaseModel:
    _refuse_unknown(name, model, given)
    try:
        return model.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
    schema = model.model_json_schema().get("properties", {})
    if not first["loc"]:
        defaults = ", ".join(f"{field} {schema[field]['default']}" for field in schema if "default" in schema[field])
        raise ParamsInvalid(f"strategy {name!r} does not take {given!r}"[:300], first["msg"], f"defaults: {defaults}")
    where = str(first["loc"][0])
    found = f"{where}={first.get('input')!r}"[:200]
    said = schema.get(where, {})
    allowed = ", ".join(f"{key} {said[key]}" for key in _SHOWN_OF_A_FIELD if key in said)
    means = f" ({said['description']})" if "description" in said else ""
    raise ParamsInvalid(f"strategy {name!r} does not take {found}", first["msg"], f"allowed: {allowed}{means}")


def _refuse_unwritable(name: str, params: BaseModel) -> None:
    """What no JSON can say would be found out after the run, when its answer is written."""
    try:
        written(params.model_dump(mode="json"))
    except ValueError as error:
        found = f"{params!r}: {error}"[:300]
        raise ParamsInvalid(
            f"strategy {name!r} has a parameter that cannot be written down", found, "give finite numbers"
        ) from error


def _refuse_unknown(name: str, model: Type[BaseModel], given: Dict[str, Any]) -> None:
    """Pydantic drops a misspelt name unless told to forbid it, and the run would go on with the default."""
    known = _names_of(model)
    for word, value in given.items():
        if word not in known and model.model_config.get("extra") != "allow":
            found = f"found {word}={value!r}"[:200]
            raise ParamsInvalid(f"strategy {name!r} has no parameter {word[:80]!r}", found, nearest(word[:80], known))


def _names_of(model: Type[BaseModel]) -> Set[str]:
    """What the fields are called in a request: by their alias where they have one."""
    names: Set[str] = set()
    for name, field in model.model_fields.items():
        alias = field.validation_alias
        if alias is None or model.model_config.get("populate_by_name") or model.model_config.get("validate_by_name"):
            names.add(name)
        if alias is not None:
            names.update(str(getattr(one, "path", [one])[0]) for one in getattr(alias, "choices", [alias]))
    return names


@contextmanager
def _blamed(doing: str, file: Path) -> Iterator[None]:
    """Whatever the strategy's own code raises, sys.exit() too, becomes StrategyFailed with its last own line.

    An error class of its own is nobody else's word: not even the worker could read it."""
    try:
        with _unmoved(), _alone():
            yield
    except (MemoryError, KeyboardInterrupt):
        raise
    except BaseException as error:
        if type(error) in (DataMissing, ParamsInvalid):
            raise
        why = in_words(error)[:500]
        raise StrategyFailed(doing, why, _last_own_line(error, file)) from error


@contextmanager
def _alone() -> Iterator[None]:
    """A process that the strategy's code forked ends here: else there would be two of the same run."""
    process = os.getpid()
    try:
        yield
    finally:
        if os.getpid() != process:
            os._exit(1)


@contextmanager
def _unmoved() -> Iterator[None]:
    """Folder and file mode of the process stay its own: whoever reads answers must be able to read what is written next."""
    folder, mask = os.getcwd(), os.umask(0o077)
    os.umask(mask)
    try:
        yield
    finally:
        os.umask(mask)
        os.chdir(folder)


def _last_own_line(error: BaseException, file: Path) -> str:
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(file)]
    if own:
        return f"{file.name} line {own[-1].lineno}: {own[-1].line}"
    return f"{file.name} line {error.lineno}" if isinstance(error, SyntaxError) else f"in {file.name}"
