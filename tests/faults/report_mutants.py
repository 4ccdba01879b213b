"""The rules of what people are shown of a run; each broken by one text edit.

It exists because a report that says something else than the numbers is believed first.
"""

from __future__ import annotations

from typing import Tuple

from tests.faults.mutant import Mutant

READ = "tests/pc/test_report_read.py"

REPORT_MUTANTS: Tuple[Mutant, ...] = (
    Mutant(
        "a result told again stands beside the run before it now",
        "pc/reuse.py",
        "told_anew(report, dict(ran.metrics), earlier, language)",
        "report",
        f"{READ}::test_the_report_says_of_the_run_before_what_the_manifest_says",
    ),
    Mutant(
        "a fall that is not over says so",
        "pc/report/history.py",
        'fall["recovery"] or label("running", language)',
        'fall["recovery"] or fall["trough"]',
        f"{READ}::test_a_fall_that_is_not_over_says_so",
    ),
    Mutant(
        "what does not fit goes on below",
        "pc/report/layout.py",
        "columns(line) + 1 + columns(word) > WIDTH",
        "len(line) + 1 + len(word) > WIDTH",
        f"{READ}::test_it_fits_eighty_columns_and_everything_in_it_is_a_number_or_says_why",
    ),
    Mutant(
        "what was bought is red",
        "pc/report/charts.py",
        '(market.bought, "^", UP), (market.sold, "v", DOWN)',
        '(market.bought, "^", DOWN), (market.sold, "v", UP)',
        "tests/pc/test_all_pictures.py::test_what_was_bought_points_up_in_red_and_what_was_sold_down_in_blue",
    ),
    Mutant(
        "the falls below the curve count from the start too",
        "pc/report/canvas.py",
        "np.maximum(np.maximum.accumulate(growth), 1.0) - 1",
        "np.maximum.accumulate(growth) - 1",
        "tests/pc/test_all_pictures.py::test_falls_begin_at_the_start",
    ),
)
