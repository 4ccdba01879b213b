"""Every part of a catalog keeps its contract, and a catalog is listed without importing one."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel

from nas.job_words import what_it_does
from pc.launchers import Launcher
from shared.catalog import Catalog
from shared.market import open_prices
from shared.notices import open_post
from shared.strategies import decided, strategy_of
from tests.harness.road import settings_for
from tests.harness.sources import ROOT

STRATEGIES = sorted(Catalog("shared.strategies").names())
PROVIDERS = sorted(Catalog("shared.market.providers").names())
NOTIFIERS = sorted(Catalog("shared.notices.notifiers").names())
JOBS = sorted(Catalog("nas.jobs").names())
LAUNCHERS = sorted(Catalog("pc.launchers").names())
PACKAGES = ("nas.jobs", "pc.launchers", "shared.market.providers", "shared.notices.notifiers", "shared.strategies")
SAID = """
import sys
from shared.catalog import Catalog
print(len(Catalog(sys.argv[1]).names()), *[name for name in sys.modules if name.startswith(sys.argv[1])])
"""


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_strategy_says_what_it_takes(name: str) -> None:
    """`Params` with a default and a description for everything, unknown names refused; `decide(prices, params)`."""
    module = Catalog("shared.strategies").load(name)
    assert issubclass(module.Params, BaseModel)
    assert module.Params.model_config.get("extra") == "forbid"
    assert module.Params(), "every parameter has a default"
    assert all(field.description for field in module.Params.model_fields.values())
    assert list(inspect.signature(module.decide).parameters) == ["prices", "params"]
    symbols = getattr(module, "SYMBOLS", ())
    assert isinstance(symbols, tuple)
    assert all(isinstance(symbol, str) for symbol in symbols)


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_strategy_decides_on_the_made_up_prices(name: str, synthetic_data: Path) -> None:
    from pc.engine import accepted

    prices = open_prices(synthetic_data / "prices" / "synthetic")
    strategy = strategy_of(name, {}, None)
    traded = prices.pick(list(getattr(strategy.module, "SYMBOLS", ())) or list(prices.symbols))
    assert accepted(decided(strategy, traded), traded.close.shape, 0)


@pytest.mark.parametrize("name", [name for name in PROVIDERS if name != "synthetic"])
def test_a_provider_is_asked_for_a_symbol_between_two_days(name: str) -> None:
    provider = Catalog("shared.market.providers").load(name)
    assert list(inspect.signature(provider.fetch).parameters) == ["symbol", "start", "end"]
    assert not inspect.signature(getattr(provider, "prepare", lambda: None)).parameters
    assert not hasattr(provider, "ensure"), "made-up prices come only from the provider of that name"


def test_only_the_provider_of_made_up_prices_fills_a_folder_and_says_that_they_are(synthetic_data: Path) -> None:
    prices = Catalog("shared.market.providers").load("synthetic").ensure(synthetic_data / "prices" / "synthetic")
    assert (prices.provider, prices.synthetic) == ("synthetic", True)


@pytest.mark.parametrize("name", JOBS)
def test_a_job_is_given_its_turn_and_says_how_it_ended(name: str) -> None:
    part = Catalog("nas.jobs").load(name)
    assert list(inspect.signature(part.run).parameters) == ["turn"]
    assert inspect.signature(part.run).return_annotation == "Outcome"
    said = [what_it_does(name, language) for language in ("ko", "en")]
    assert all(said), "`list jobs` shows it"
    assert len(set(said)) == 2


@pytest.mark.parametrize("name", LAUNCHERS)
def test_a_launcher_has_all_a_launcher_can_do(name: str, tmp_path: Path) -> None:
    from pc.desk import open_desk
    from shared.events import Log

    part = Catalog("pc.launchers").load(name)
    launcher = part.open_launcher(open_desk(settings_for(tmp_path, tmp_path), Log(quiet=True)))
    for word in [word for word in vars(Launcher) if not word.startswith("_")]:
        wanted, there = getattr(Launcher, word), getattr(type(launcher), word)
        assert inspect.signature(there).parameters.keys() == inspect.signature(wanted).parameters.keys(), word
    launcher.close()


@pytest.mark.parametrize("name", NOTIFIERS)
def test_a_notifier_says_whether_it_is_on_and_loads_nothing_to_say_so(name: str, tmp_path: Path) -> None:
    """slack_sdk takes longer to load than most commands run."""
    part = Catalog("shared.notices.notifiers").load(name)
    post = open_post(settings_for(tmp_path, tmp_path), {})
    assert part.is_on(post) is (name in ("alerts", "console"))
    assert part.OUTSIDE is (name in ("slack", "webhook"))
    assert (part.address(post), part.edits(post)) == ("", False)
    assert list(inspect.signature(part.notify).parameters) == ["letter", "post"]


@pytest.mark.parametrize(
    "package", ["shared.strategies", "shared.market.providers", "shared.notices.notifiers", "pc.launchers", "nas.jobs"]
)
def test_listing_a_catalog_imports_nothing_of_it(package: str) -> None:
    done = subprocess.run([sys.executable, "-c", SAID, package], cwd=ROOT, capture_output=True, text=True, timeout=30, check=True)
    count, *loaded = done.stdout.split()
    assert int(count) > 0
    assert loaded == []


def test_a_strategy_of_ones_own_is_a_part_and_wins_over_ours(tmp_path: Path) -> None:
    (tmp_path / "krx_ma200.py").write_text("")
    (tmp_path / "my_idea.py").write_text("")
    (tmp_path / "_not_a_part.py").write_text("")
    names = Catalog("shared.strategies", tmp_path).names()
    assert {"my_idea", "krx_ma200"} <= set(names)
    assert "_not_a_part" not in names
    assert names["krx_ma200"].parent == tmp_path
