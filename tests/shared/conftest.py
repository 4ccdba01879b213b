"""The stand-ins of the market that tests of its providers may ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator

import pytest

if TYPE_CHECKING:  # the core's tests on the NAS's Python ask for none of them, and what they need is not there
    from tests.harness.market_proxy import MarketProxy
    from tests.harness.market_server import MarketServer


@pytest.fixture
def exchange(monkeypatch: pytest.MonkeyPatch) -> Iterator[MarketServer]:
    """The exchange's open API, with a key to all of it."""
    from tests.harness.market_server import KEY, MarketServer

    with MarketServer().running() as server:
        monkeypatch.setenv("KRX_OPENAPI_URL", server.url)
        monkeypatch.setenv("KRX_OPENAPI_KEY", KEY)
        yield server


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MarketProxy]:
    """Those the libraries ask, with a login to the exchange's site: the same for all tests of a file."""
    from tests.harness.market_answers import ID, PASSWORD
    from tests.harness.market_proxy import standing_in

    with standing_in(tmp_path_factory.mktemp("proxy"), KRX_ID=ID, KRX_PW=PASSWORD) as proxy:
        yield proxy


@pytest.fixture
def proxy(servers: MarketProxy) -> MarketProxy:
    """They are well, and were asked nothing."""
    servers.forget()
    return servers
