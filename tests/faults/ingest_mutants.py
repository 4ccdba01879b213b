"""The rules of fetching, each broken by one text edit.

It exists beside the other lists: these break whom a chain asks, what it believes and what it says of it.
"""

from __future__ import annotations

from typing import Tuple

from tests.faults.mutant import Mutant

INGEST, SOURCES = "tests/pc/test_ingest.py", "tests/shared/test_data_sources.py"
NIGHTMARE, COMMAND = "tests/pc/test_nightmare_day.py", "tests/pc/test_ingest_command.py"
ROUND, SERIES = "shared/market/ingest/round.py", "shared/market/ingest/series.py"

SABOTAGE, SABOTAGED = "tests/shared/test_price_sabotage.py", "tests/pc/test_sabotaged_ingest.py"

INGEST_MUTANTS: Tuple[Mutant, ...] = (
    Mutant(
        "another day's answer is not this day's",
        "shared/market/providers/krx_openapi.py",
        'if told != f"{day:%Y%m%d}":',
        "if not told:",
        f"{SABOTAGED}::test_yesterdays_answer_is_not_believed_to_be_todays_and_who_takes_its_place_is_told",
    ),
    Mutant(
        "a key stays with its host",
        "shared/market/providers/_web.py",
        'return was.hostname == now.hostname and now.scheme in (was.scheme, "https")',
        "return bool(was and now)",
        f"{SABOTAGE}::test_who_is_sent_on_to_another_host_does_not_bring_it_the_key",
    ),
    Mutant(
        "what lost a year is not current",
        ROUND,
        "        if series.lost:\n",
        "        if series.lost and not series.rows:\n",
        f"{SABOTAGED}::test_a_series_that_lost_a_year_is_not_current_however_far_it_reaches",
    ),
    Mutant(
        "days on which the exchange was closed are no days of a Korean series",
        SERIES,
        "if len(closed) > max(_FEW, len(known) * _MANY):",
        "if len(closed) > max(_FEW, len(known)):",
        f"{SABOTAGED}::test_days_shifted_by_one_are_refused_and_the_panel_has_no_sunday",
    ),
    Mutant(
        "a refusal is kept to where it cannot be noted",
        "shared/market/asking/breaker.py",
        "        self._noted = told\n",
        "",
        f"{SABOTAGE}::test_where_nothing_can_be_noted_a_refusal_is_kept_to_all_the_same",
    ),
    Mutant(
        "what a person put into the cache stays",
        "shared/market/cache/shelves.py",
        "_OURS.fullmatch(name)]",
        "name]",
        f"{SABOTAGE}::test_what_a_person_put_into_the_cache_is_nobodys_litter",
    ),
    Mutant(
        "the next provider is asked where one does not reach the day",
        ROUND,
        "waiting = [one for one in every if not one.current and rank < len(one.steps)]",
        "waiting = [one for one in every if not one.current and rank < len(one.steps) and not rank > 1]",
        f"{INGEST}::test_the_next_provider_is_asked_where_one_fails_and_that_is_logged",
    ),
    Mutant(
        "nothing has ended while nobody has the day",
        ROUND,
        "anybody_has_the_day = any(one.current and one.is_korean for one in every)",
        "anybody_has_the_day = True",
        f"{INGEST}::test_where_nobody_has_the_day_nothing_has_ended_all_of_it_is_old",
    ),
    Mutant(
        "of what is kept the latest is used",
        ROUND,
        "return max(kept, key=lambda pair: (not pair[1].lost, pair[1].end), default=None)",
        "return min(kept, key=lambda pair: (not pair[1].lost, pair[1].end), default=None)",
        f"{INGEST}::test_of_two_that_are_old_the_one_that_came_farther_is_used",
    ),
    Mutant(
        "days before a symbol was listed are no failure",
        ROUND,
        'if error.kind == "empty" and question.span.end < self._wanted.until:',
        'if error.kind == "none" and question.span.end < self._wanted.until:',
        f"{INGEST}::test_a_symbol_listed_later_is_asked_for_its_days_before_only_once",
    ),
    Mutant(
        "all of a series is asked for again where its past changed",
        SERIES,
        "    if change.again:",
        "    if not change:",
        f"{INGEST}::test_a_split_is_noticed_and_the_whole_past_comes_anew_with_its_dates_told",
    ),
    Mutant(
        "what has ended is not asked for twice a day",
        SERIES,
        "return series.end < wanted.until and is_alive(series, wanted)",
        "return True",
        f"{INGEST}::test_what_is_not_traded_any_more_has_ended_and_is_no_alarm",
    ),
    Mutant(
        "a backfill goes by days",
        ROUND,
        "sorted(plan, key=lambda pair: pair[0].span.end)",
        "sorted(plan, key=lambda pair: pair[1].instrument)",
        f"{INGEST}::test_one_days_answer_of_the_open_api_serves_all_symbols",
    ),
    Mutant(
        "a close of another day says so in the day's table",
        "shared/market/ingest/eod.py",
        'return f"old:{last}"',
        'return ""',
        f"{INGEST}::test_the_closes_of_the_day_are_a_table_of_their_own",
    ),
    Mutant(
        "what was left out is unavailable, and why",
        "shared/market/ingest/fetching.py",
        "answers.before.unavailable | unavailable | gone)",
        "answers.before.unavailable | unavailable)",
        f"{INGEST}::test_what_is_odd_is_a_file_of_the_day_and_who_cannot_be_read_is_left_out",
    ),
    Mutant(
        "files a person dropped are never sealed over",
        "shared/market/ingest/fetching.py",
        '    refuse_dropped(settings.data / "prices" / "local")\n',
        "",
        f"{INGEST}::test_files_a_person_dropped_are_never_sealed_over",
    ),
    Mutant(
        "a session is expected only once it is over",
        "shared/krx_calendar/expected.py",
        "if bounds is None or now < bounds.close + _READY:",
        "if bounds is None:",
        f"{SOURCES}::test_the_session_that_could_be_there_is_the_last_one_that_is_over",
    ),
    Mutant(
        "made-up prices are in no chain of real ones",
        "shared/market/ingest/sources.py",
        ' if name != "synthetic"}',
        "}",
        f"{SOURCES}::test_what_is_misspelt_or_wrong_is_refused_by_name",
    ),
    Mutant(
        "an ETF in the place of an index is known as such",
        "shared/market/ingest/sources.py",
        "stands_in=nature.has_etfs_alone and name not in own)",
        "stands_in=False)",
        f"{SOURCES}::test_an_etf_in_the_place_of_an_index_is_known_as_such",
    ),
    Mutant(
        "a fault of our own code is no outage",
        ROUND,
        'return one.found("failed" if is_fault else "unavailable")',
        'return one.found("unavailable")',
        f"{NIGHTMARE}::test_a_failure_of_our_own_code_is_told_loudly_and_never_called_an_outage[it raises]",
    ),
    Mutant(
        "a day that was not there yet is asked for again",
        SERIES,
        "return series.end < wanted.until and is_alive(series, wanted)",
        "return False",
        f"{INGEST}::test_a_day_that_was_not_there_yet_is_asked_for_again_the_same_evening",
    ),
    Mutant(
        "what nobody had is not forgotten",
        "shared/market/ingest/fetching.py",
        "answers.before.unavailable | unavailable | gone)",
        "unavailable | gone)",
        f"{INGEST}::test_what_nobody_asks_for_is_carried_over_whatever_became_of_the_cache",
    ),
    Mutant(
        "our own lack of time is nobody's failure",
        "shared/market/asking/breaker.py",
        "if error.kind in _COUNTED and not isinstance(error, OutOfTime):",
        "if error.kind in _COUNTED:",
        f"{INGEST}::test_our_own_lack_of_time_leaves_nobody_alone",
    ),
    Mutant(
        "two roads to one source are no two sources",
        "shared/market/ingest/sampling.py",
        "if nature_of(step.provider).source != nature_of(found.used.provider).source]",
        "if step.provider != found.used.provider]",
        f"{SOURCES}::test_two_roads_to_one_source_are_no_two_sources",
    ),
    Mutant(
        "what a person mistyped is no incident",
        "shared/market/ingest/command.py",
        "except (PricesBusy, PricesNotOurs, SettingInvalid, UniverseUnknown):",
        "except (PricesBusy, PricesNotOurs):",
        f"{COMMAND}::test_what_is_typed_wrong_or_is_not_ours_to_do_is_said_and_nobody_is_asked[no symbol]",
    ),
    Mutant(
        "a benchmark that was not there is among the day's odd symbols",
        "shared/completion/reading.py",
        'object_in(object_in(manifest, "benchmarks"), "skipped").items()',
        "{}.items()",
        "tests/nas/test_run_status.py::test_what_is_odd_is_of_a_symbol_of_a_benchmark_that_was_not_there_or_of_all_prices",
    ),
)
