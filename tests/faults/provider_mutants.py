"""The rules by which a library of prices is asked and its tables are believed, each broken once.

It exists so that no refusal passes for an empty table, and no number for a price, without a test that notices.
"""

from __future__ import annotations

from typing import Tuple

from tests.faults.mutant import Mutant

PYKRX, YFINANCE = "tests/shared/test_pykrx_providers.py", "tests/shared/test_yfinance_providers.py"
FDR, FINISHED = "tests/shared/test_fdr_provider.py", "tests/shared/test_finished_days.py"

PROVIDER_MUTANTS: Tuple[Mutant, ...] = (
    Mutant(
        "the time a library takes to load is not counted into the limit of a question",
        "shared/market/asking/provider.py",
        "self._said(self._loading, ",
        "self._said(self._seconds, ",
        f"{PYKRX}::test_without_the_library_it_is_switched_off_and_says_what_to_install",
    ),
    Mutant(
        "what pykrx prints while it logs in is heard by nobody",
        "shared/market/providers/_pykrx.py",
        ", contextlib.redirect_stdout(io.StringIO()):",
        ":",
        f"{PYKRX}::test_every_way_a_login_fails_is_the_right_kind_of_outage",
    ),
    Mutant(
        "pykrx is loaded without a login in the environment",
        "shared/market/providers/_pykrx.py",
        'with _not_in_the_environment("KRX_ID", "KRX_PW"):',
        "with _not_in_the_environment():",
        f"{PYKRX}::test_every_way_a_login_fails_is_the_right_kind_of_outage",
    ),
    Mutant(
        "rows of which pykrx makes nothing are no empty answer",
        "shared/market/providers/_pykrx.py",
        "if rows and not len(table):",
        "if False:",
        f"{PYKRX}::test_every_way_the_site_fails_is_the_right_kind_of_outage",
    ),
    Mutant(
        "a refusal is no empty answer",
        "shared/market/providers/_pykrx.py",
        "        raise _refused(answer, doing)\n    try:\n        return rows_in",
        "        return 0\n    try:\n        return rows_in",
        f"{PYKRX}::test_every_way_the_site_fails_is_the_right_kind_of_outage",
    ),
    Mutant(
        "a login the site has forgotten is done once more",
        "shared/market/providers/_pykrx.py",
        "            if not was_there:",
        "            if True:",
        f"{PYKRX}::test_a_login_the_site_has_forgotten_is_done_once_more",
    ),
    Mutant(
        "a column with another name is told, not guessed",
        "shared/market/providers/pykrx_stock.py",
        "        if len(fields) != _FIELDS or not all(",
        "        if False and not all(",
        f"{PYKRX}::test_every_way_naver_fails_is_the_right_kind_of_outage",
    ),
    Mutant(
        "yfinance does not answer out of its memory",
        "shared/market/providers/_yfinance.py",
        "    data.YfData.cache_get.cache_clear()",
        "    assert data",
        f"{YFINANCE}::test_every_way_yahoo_fails_is_the_right_kind_of_outage",
    ),
    Mutant(
        "a close is the one the exchange shows, without dividends",
        "shared/market/providers/_yfinance.py",
        "auto_adjust=False",
        "auto_adjust=True",
        f"{YFINANCE}::test_an_etf_comes_with_its_closes_as_the_exchange_shows_them",
    ),
    Mutant(
        "an answer about another symbol is none",
        "shared/market/providers/_yfinance.py",
        "    if not odd and str(told",
        "    if False and str(told",
        f"{YFINANCE}::test_an_answer_about_something_else_is_none",
    ),
    Mutant(
        "the bar of a session that goes on is no day's price",
        "shared/market/providers/_yfinance.py",
        'min(days[1], _last_finished(str(told["exchangeTimezoneName"]), doing))',
        "days[1]",
        f"{YFINANCE}::test_a_day_that_is_not_over_is_not_among_the_bars",
    ),
    Mutant(
        "a day without a close is none",
        "shared/market/providers/_frames.py",
        'known = np.flatnonzero(~np.isnan(numbers["close"]))',
        'known = np.arange(len(numbers["close"]))',
        f"{YFINANCE}::test_a_day_without_a_close_is_none",
    ),
    Mutant(
        "a busy server is asked once and not again in another way",
        "shared/market/providers/_heard.py",
        "if answer.status == 429 or answer.status >= 500:",
        "if False:",
        f"{YFINANCE}::test_a_busy_yahoo_is_asked_once_and_not_again_in_another_way",
    ),
    Mutant(
        "a year that did not come is no reason to go on without it",
        "shared/market/providers/fdr.py",
        "        if year not in there:",
        "        if False:",
        f"{FDR}::test_an_index_without_one_of_its_years_is_none",
    ),
    Mutant(
        "a file cut off within a line is not believed",
        "shared/market/providers/fdr.py",
        "    if any(np.isnan(array[-1]) for array in bars.numbers.values()):",
        "    if False:",
        f"{FDR}::test_every_way_a_source_fails_is_the_right_kind_of_outage",
    ),
    Mutant(
        "a day in New York is over in New York",
        "shared/market/providers/_finished.py",
        "here = now.astimezone(ZoneInfo(zone))",
        "here = now.astimezone(ZoneInfo(SEOUL))",
        f"{FINISHED}::test_a_day_is_over_some_time_after_its_close",
    ),
)
