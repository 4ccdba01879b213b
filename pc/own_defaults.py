"""What a strategy brings along where its request is silent: terms and benchmarks.

It exists so that a strategy can be as it was written down, its cap and its costs too, and a request still has the last word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from inbox import Costs, Request, Rules
from shared.errors import StrategyFailed
from shared.strategies import Strategy

if TYPE_CHECKING:
    from pc.engine import Terms


def terms_of(request: Request, strategy: Strategy) -> Terms:
    """What the request says, else what the strategy's COSTS and RULES say, else the defaults of all requests."""
    from pc.engine import Terms

    costs = _filled("COSTS", Costs, request.costs, strategy)
    rules = _filled("RULES", Rules, request.rules, strategy)
    return Terms(request.capital, execution=request.execution, **costs, **rules)


def benchmarks_of(request: Request, strategy: Strategy) -> list[str]:
    """Those of the request, else the strategy's BENCHMARKS, else the defaults of all requests."""
    own = getattr(strategy.module, "BENCHMARKS", None)
    return request.benchmarks if own is None or "benchmarks" in request.model_fields_set else list(own)


def _filled(name: str, model: type[BaseModel], said: BaseModel, strategy: Strategy) -> dict[str, Any]:
    own = getattr(strategy.module, name, {})
    try:
        return model.model_validate({**own, **said.model_dump(exclude_unset=True)}).model_dump()
    except (ValidationError, TypeError) as error:
        why = " ".join(str(error).split())[:300]
        fix = f"docs/files.md has what {name} may hold"
        raise StrategyFailed(f"reading {name} of strategy {strategy.name!r}", why, fix) from error
