"""What a strategy brings along where its request is silent: terms, benchmarks, and symbols it looks at without trading them.

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
    from shared.market import Prices


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


def prices_for(panel: Prices, traded: Prices, strategy: Strategy) -> Prices:
    """What is traded, and of the panel what the strategy's `reads` names besides where there are any: a member on no day."""
    import numpy as np

    reads = getattr(strategy.module, "reads", None)
    names, known = reads(strategy.params) if reads else (), set(panel.symbols)
    more = [name for name in dict.fromkeys(names) if name not in traded.symbols and name in known]
    if not more:
        return traded
    members = np.zeros((len(panel.dates), len(traded.symbols) + len(more)), dtype=bool)
    members[:, : len(traded.symbols)] = True if traded.members is None else traded.members
    return panel.pick([*traded.symbols, *more]).telling(members=members)


def _filled(name: str, model: type[BaseModel], said: BaseModel, strategy: Strategy) -> dict[str, Any]:
    own = getattr(strategy.module, name, {})
    try:
        return model.model_validate({**own, **said.model_dump(exclude_unset=True)}).model_dump()
    except (ValidationError, TypeError) as error:
        why = " ".join(str(error).split())[:300]
        fix = f"docs/files.md has what {name} may hold"
        raise StrategyFailed(f"reading {name} of strategy {strategy.name!r}", why, fix) from error
