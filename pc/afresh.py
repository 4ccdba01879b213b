"""A person's own strategy asked without what it remembers: its file is executed anew for every question.

It exists because a table worked out once from all prices and kept in the module answers for every earlier day too, and a
look-ahead in it would never show.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from types import CodeType, ModuleType
from typing import Any

from pydantic import BaseModel

from shared.config import HOME
from shared.strategies import Strategy


def afresh(strategy: Strategy) -> Strategy:
    """The same, remembering nothing from one decision to the next. Those of the house keep nothing, and stay as they are;
    so does one whose file was edited since it was loaded."""
    is_ours = strategy.file.parent == HOME / "shared" / "strategies"
    content = b"" if is_ours or not strategy.file.is_file() else strategy.file.read_bytes()
    if hashlib.sha256(content).hexdigest() != strategy.sha256:
        return strategy
    code, module = compile(content, str(strategy.file), "exec"), ModuleType(strategy.module.__name__)

    def decide(prices: Any, params: BaseModel) -> Any:
        fresh = _executed(code, strategy.module)
        return fresh.decide(prices, _of(fresh.Params, params))

    vars(module).update({**vars(strategy.module), "decide": decide})
    return replace(strategy, module=module)


def _executed(code: CodeType, before: ModuleType) -> ModuleType:
    module = ModuleType(before.__name__)
    module.__file__ = before.__file__
    sys.modules[module.__name__] = module  # pydantic looks there for the types of a model's fields
    exec(code, vars(module))  # noqa: S102 - what was loaded for this run, once more
    return module


def _of(model: type[BaseModel], params: BaseModel) -> BaseModel:
    """The parameters as that module's own: an Enum of the module executed before would equal none of this one."""
    try:
        same = model.model_validate(params.model_dump(mode="json", by_alias=True))
    except ValueError:  # what it is called when it is read is not what it is called when it is written
        return params
    return same if same.model_dump(mode="json") == params.model_dump(mode="json") else params
