"""The rules of the road between two folders, of publish and of the notices, each broken by one text edit.

It exists beside mutants.py, whose mutants are those of the queue itself.
"""

from __future__ import annotations

from typing import Tuple

from tests.faults.mutant import Mutant

TWO, WIRES = "tests/road/test_two_folders.py", "tests/road/test_transfers_that_fail.py"
CUT = "tests/faults/test_sync_power_cut.py::test_a_power_cut_at_any_moment_of_a_sync"
PUBLISH, REFUSES = "tests/nas/test_publish.py", "tests/nas/test_publish_refuses.py"
NOTICES = "tests/faults/test_notices_power_cut.py::test_the_power_goes_while_notices_are_sent"

ROAD_MUTANTS: Tuple[Mutant, ...] = (
    Mutant(
        "an answer is believed only once every byte agrees",
        "outbox/arrival.py",
        "    verify(there, request_id)\n",
        "",
        f"{TWO}::test_an_answer_damaged_at_rest_is_never_shown[nas_pulls]",
    ),
    Mutant(
        "half an answer is no answer",
        "outbox/arrival.py",
        "    missing = [name for name in absent if carries(name, named[name]",
        "    missing = [name for name in absent if not carries(name, named[name]",
        f"{WIRES}::test_an_answer_that_half_arrived_is_not_shown_until_it_is_whole[metrics.json]",
    ),
    Mutant(
        "what arrived is on the platter before it is shown",
        "outbox/arrival.py",
        "    _flush(gate.there, request_id)\n",
        "",
        f"{CUT}[the NAS takes in what nobody flushed]",
    ),
    Mutant(
        "a request stays until its answer is here",
        "nas/outgoing.py",
        "            trip.sent_signs = True\n",
        "            trip.sent_signs = True\n"
        "            for name in new:\n                desk.own.remove(desk.inbox.pending / name)\n",
        f"{TWO}::test_a_request_lost_over_there_is_sent_again[nas_pulls]",
    ),
    Mutant(
        "a name travels, not a date",
        "inbox/carried.py",
        "    moved = _moved(inbox, path, request_id)\n    return [moved] if moved else []",
        "    return [Ready(path, request_id)]",
        f"{TWO}::test_a_file_without_an_id_keeps_the_one_it_had_where_it_was_dropped[by_git]",
    ),
    Mutant(
        "the PC learns what arrived",
        "nas/homecoming.py",
        "    _confirm(home, {*came.shown, *came.known})\n",
        "",
        f"{TWO}::test_the_pc_learns_that_its_answer_arrived[pc_pushes]",
    ),
    Mutant(
        "a damaged answer of the PC does not travel",
        "pc/sync.py",
        "if one not in has and _is_whole(desk, trip, one)]",
        "if one not in has]",
        f"{TWO}::test_a_damaged_answer_of_the_pc_stays_where_it_is",
    ),
    Mutant(
        "an answered request is brought no second time",
        "pc/sync.py",
        "    return (is_lost or not is_answered) and (is_wish or request_id not in known)",
        "    return True",
        f"{TWO}::test_what_waits_on_the_pc_is_brought_no_second_time",
    ),
    Mutant(
        "prices come after the answers",
        "shared/sync.py",
        "        trip = one_round(side)\n",
        "        side.prices(True)\n        trip = one_round(side)\n",
        "tests/road/test_prices_over_the_wire.py::test_a_sync_carries_its_answers_before_its_prices",
    ),
    Mutant(
        "publish verifies before it shows",
        "outbox/verifying.py",
        '    if found != entry["sha256"] or size',
        "    if size",
        f"{REFUSES}::test_publish_verifies_before_it_shows",
    ),
    Mutant(
        "made-up prices are never published",
        "nas/refusing.py",
        "    if not is_real(manifest):\n",
        "    if False:\n",
        f"{REFUSES}::test_made_up_prices_are_refused_and_so_is_what_is_not_said_to_be_real",
    ),
    Mutant(
        "doctor's own answer is no news",
        "nas/press.py",
        "    if is_doctors(",
        "    if False and is_doctors(",
        "tests/nas/test_publish_doctors_own.py::test_doctors_own_answer_is_neither_shelved_nor_told",
    ),
    Mutant(
        "the newest stays the latest, whatever comes late",
        "nas/shelves.py",
        "    if shown is not None and shown >= edition.order:\n        return False\n",
        "",
        f"{PUBLISH}::test_the_latest_is_the_one_finished_last_whenever_it_came",
    ),
    Mutant(
        "a notice that is told twice by one answer is told once",
        "shared/notices/unsent.py",
        "    if notice.identity and _is_known(post, sign):\n        return False\n",
        "",
        "tests/faults/test_notices_killed.py::test_a_teller_killed_anywhere_leaves_a_whole_notice_or_none[bt-1-killed]",
    ),
    Mutant(
        "a way out that had a notice is marked on the platter",
        "shared/notices/unsent.py",
        '        post.disk.create(post.waiting / f"{name}~{by}", b"")\n        post.disk.flush_folder(post.waiting)\n',
        '        post.disk.create(post.waiting / f"{name}~{by}", b"")\n',
        f"{NOTICES}[three kinds]",
    ),
    Mutant(
        "a notice that is gone is gone for good before its marks are",
        "shared/notices/unsent.py",
        "    post.disk.remove(post.waiting / told.name)\n    post.disk.flush_folder(post.waiting)\n",
        "    post.disk.remove(post.waiting / told.name)\n",
        f"{NOTICES}[three kinds]",
    ),
)
