"""`python -m pc new-strategy NAME`: a strategy that works at once, and the test that shows it.

It exists so that a new strategy begins with a file that runs, not with a blank page and a list of rules.
"""

from __future__ import annotations

import json
import keyword
import re
import sys
from pathlib import Path

from shared.catalog import Catalog
from shared.config import HOME, load
from shared.errors import UsageWrong

# How the test finds the strategy: beside itself, or two folders up in the checkout's own catalog.
_FOLDER_OF = {False: "Path(__file__).parent", True: 'Path(__file__).parents[2] / "shared" / "strategies"'}
_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")

_STRATEGY = '''"""In the market while the close is above that of `days` sessions ago, else in cash; equal parts of each symbol.

It exists as a beginning: change `decide`, then say here what it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from shared.strategies import Targets

if TYPE_CHECKING:
    from shared.market import Prices

SYMBOLS = ("KOSPI",)  # what it trades when a request names nothing


class Params(BaseModel):
    """What a request may change: `python -m nas submit __NAME__ --set days=60`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: int = Field(120, ge=1, le=2000, description="sessions to look back")


def decide(prices: Prices, params: Params) -> Targets:
    """Row t may use what was known at the close of row t, nothing later; it is filled on the next bar."""
    import numpy as np

    rows = np.arange(params.days, len(prices.dates))
    # A close that is not known is NaN, and NaN is never above anything: that symbol stays out.
    above = prices.close[params.days :] > prices.close[: -params.days]
    return Targets(rows=rows, weights=above / len(prices.symbols))
'''

_TEST = '''"""The strategy __NAME__: it decides, and it does not know the future."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from shared.errors import ParamsInvalid
from shared.market.providers.synthetic import make_prices
from shared.strategies import decided, strategy_of

FOLDER = __FOLDER__
PRICES = make_prices().pick(["KOSPI", "990010"])


def test_it_decides_on_every_row_with_enough_history() -> None:
    strategy = strategy_of("__NAME__", {"days": 20}, FOLDER)

    targets = decided(strategy, PRICES)

    assert targets.rows[0] == 20
    assert len(targets.rows) == len(PRICES.dates) - 20
    assert set(np.unique(targets.weights)) == {0.0, 0.5}


def test_what_happens_later_changes_no_earlier_decision() -> None:
    strategy = strategy_of("__NAME__", {}, FOLDER)
    known = len(PRICES.dates) - 250

    then, now = decided(strategy, PRICES.until(known)), decided(strategy, PRICES)

    assert np.array_equal(then.rows, now.rows[: len(then.rows)])
    assert np.array_equal(then.weights, now.weights[: len(then.rows)])


def test_a_parameter_it_does_not_have_is_refused_by_name() -> None:
    with pytest.raises(ParamsInvalid, match="dayz"):
        strategy_of("__NAME__", {"dayz": 20}, FOLDER)
'''


def write_strategy(name: str, as_json: bool) -> int:
    """Write the two files; nothing that is there already is ever touched."""
    own = load().strategies_path
    _check(name, own)
    strategy, test = _places(name, own)
    for path in (strategy, test):
        if path.exists():
            raise UsageWrong(f"writing strategy {name!r}", f"{path} is there already", "choose another name, or edit that file")
    _write(strategy, _STRATEGY.replace("__NAME__", name))
    _write(test, _TEST.replace("__NAME__", name).replace("__FOLDER__", _FOLDER_OF[own is None]))
    if as_json:
        print(json.dumps({"name": name, "strategy": str(strategy), "test": str(test)}, ensure_ascii=False))
    else:
        print(f"{strategy}\n{test}")
    print(f"try it: {Path(sys.executable).name} -m pytest {test}", file=sys.stderr)
    return 0


def _check(name: str, own: Path | None) -> None:
    if not _NAME.fullmatch(name) or keyword.iskeyword(name) or name.startswith("test_"):
        fix = "2 to 40 of a-z, 0-9 and _, beginning with a letter and not with test_, like krx_momentum"
        raise UsageWrong("naming a new strategy", f"{name!r} is no name for one", fix)
    known = Catalog("shared.strategies", own if own and own.is_dir() else None).names()
    if name in known:
        raise UsageWrong("naming a new strategy", f"there is one at {known[name]}", "choose another name, or edit that file")
    if own is None and not (HOME / "pyproject.toml").is_file():
        raise UsageWrong("writing a new strategy", "this is no checkout", "set RELAY_STRATEGIES_PATH to a folder of your own")


def _places(name: str, own: Path | None) -> tuple[Path, Path]:
    """The strategy and its test: in a folder of one's own they lie side by side."""
    if own is None:
        return HOME / "shared" / "strategies" / f"{name}.py", HOME / "tests" / "strategies" / f"test_{name}.py"
    return own / f"{name}.py", own / f"test_{name}.py"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "x", encoding="utf-8", newline="\n") as file:
        file.write(text)
