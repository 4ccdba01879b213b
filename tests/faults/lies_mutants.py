"""The rules of what is not believed: addresses, a branch others write, links, figures, manifests, prices; each broken once.

It exists beside road_mutants.py, whose mutants are those of what goes its way in good faith.
"""

from __future__ import annotations

from typing import Tuple

from tests.faults.mutant import Mutant

SECRETS = "tests/nas/test_no_password_is_shown.py::test_no_form_of_a_password_in_there_is_ever_shown"
GOOD = "tests/nas/test_no_password_is_shown.py::test_an_address_without_a_secret_is_no_trouble"
STRANGERS = "tests/road/test_git_strangers.py"
PUSHED = f"{STRANGERS}::test_whatever_anybody_pushes_the_others_answers_come_home"
FIGURES = "tests/nas/test_publish_poison.py::test_an_answer_whose_figures_are_no_object_is_refused_and_the_next_is_published"
ARRIVES = "tests/nas/test_what_arrives.py"
NAMED = f"{ARRIVES}::test_a_manifest_may_name_only_what_an_answer_can_have"
PRICES, LIES = "tests/shared/test_price_cache.py", "tests/shared/test_price_cache_lies.py"

LIES_MUTANTS: Tuple[Mutant, ...] = (
    Mutant(
        "an address for a daemon or ssh holds no password",
        "shared/addresses.py",
        'if _PASSWORD_TO_SSH.match(address) else ""',
        'if False else ""',
        SECRETS,
    ),
    Mutant(
        "an address of the web holds no query",
        "shared/addresses.py",
        '    if "?" in rest:',
        "    if False:",
        SECRETS,
    ),
    Mutant(
        "an address of the web holds no user: it may be a token",
        "shared/addresses.py",
        '    if is_web and "@" in',
        '    if False and "@" in',
        SECRETS,
    ),
    Mutant(
        "a URL holds no password",
        "shared/addresses.py",
        'is_in_the_path else "a password"',
        'is_in_the_path else ""',
        SECRETS,
    ),
    Mutant(
        "a slash in a password makes no path of it",
        "shared/addresses.py",
        'is_in_the_path = "/" in user and ":" not in user',
        'is_in_the_path = "/" in user',
        SECRETS,
    ),
    Mutant(
        "a port is no password",
        "shared/addresses.py",
        "    if not at or _HOST_AND_PORT.match(rest):",
        "    if not at:",
        GOOD,
    ),
    Mutant(
        "the address of the prices is looked at too",
        "shared/addresses.py",
        'NAMES = ("there", "there_data")',
        'NAMES = ("there",)',
        SECRETS,
    ),
    Mutant(
        "nothing is fetched while another machine writes under our name",
        "shared/carriers/_branch.py",
        "    _require_ours(own, folders.pop(own.there.writer, {}))",
        "    folders.pop(own.there.writer, {})",
        f"{STRANGERS}::test_two_machines_of_one_name_fetch_nothing",
    ),
    Mutant(
        "nothing is pushed over what another machine pushed under our name",
        "shared/carriers/_branch.py",
        "    _require_ours(own, before)",
        "    pass",
        f"{STRANGERS}::test_two_machines_of_one_name_push_nothing_over_each_other",
    ),
    Mutant(
        "what is pushed says whose it is",
        "shared/carriers/_branch.py",
        "    mine[_WHOSE] = git(",
        "    git(",
        f"{STRANGERS}::test_two_sides_of_one_name_are_refused[nas]",
    ),
    Mutant(
        "two machines have two signs",
        "shared/carriers/_branch.py",
        "os.urandom(8).hex().encode()",
        'b"0123456789abcdef"',
        f"{STRANGERS}::test_two_machines_of_one_name_fetch_nothing",
    ),
    Mutant(
        "who a machine is lasts before anybody sees it",
        "shared/carriers/_branch.py",
        "        disk.flush_folder(folder)\n",
        "        pass\n",
        "tests/faults/test_git_power_cut.py::test_a_power_cut_after_the_first_push_locks_nobody_out",
    ),
    Mutant(
        "half of who a machine is is enough to know itself again",
        "shared/carriers/_branch.py",
        "    if _TORN.fullmatch(who) and",
        "    if False and",
        "tests/faults/test_git_power_cut.py::test_a_sign_that_is_torn_after_the_push_is_known_again",
    ),
    Mutant(
        "no name leads out of a folder",
        "shared/carriers/_branch.py",
        "not (_leads_elsewhere(path) or _NO_TEXT.search(path))",
        "not _NO_TEXT.search(path)",
        f"{STRANGERS}::test_no_name_leads_out_of_its_folder_on_any_system",
    ),
    Mutant(
        "a backslash leads out as a slash does",
        "shared/carriers/_branch.py",
        'path.replace("\\\\", "/").split("/")',
        'path.split("/")',
        f"{STRANGERS}::test_no_name_leads_out_of_its_folder_on_any_system",
    ),
    Mutant(
        "git's own folder is so in capitals too",
        "shared/carriers/_branch.py",
        "part.lower() in _NOWHERE",
        "part in _NOWHERE",
        f"{STRANGERS}::test_no_name_leads_out_of_its_folder_on_any_system",
    ),
    Mutant(
        "a name nobody can write is no file",
        "shared/carriers/_branch.py",
        "not (_leads_elsewhere(path) or _NO_TEXT.search(path))",
        "not _leads_elsewhere(path)",
        f"{STRANGERS}::test_no_name_leads_out_of_its_folder_on_any_system",
    ),
    Mutant(
        "a link of somebody's is no file",
        "shared/carriers/_branch.py",
        "row.mode in _PLAIN",
        'row.mode != "160000"',
        f"{PUSHED}[a link]",
    ),
    Mutant(
        "figures are numbers",
        "nas/figures.py",
        "parse_constant=_refuse",
        "parse_constant=str",
        f"{FIGURES}[NaN]",
    ),
    Mutant(
        "figures are finite",
        "nas/figures.py",
        "parse_float=_finite, ",
        "",
        f"{FIGURES}[infinite]",
    ),
    Mutant(
        "whole figures are not endless",
        "nas/figures.py",
        "parse_int=_whole, ",
        "",
        f"{FIGURES}[endless]",
    ),
    Mutant(
        "figures are an object",
        "nas/figures.py",
        "    if not isinstance(figures, dict):",
        "    if False:",
        f"{FIGURES}[list]",
    ),
    Mutant(
        "figures without end are the answer's own fault",
        "nas/figures.py",
        "    except (ValueError, RecursionError) as error:",
        "    except ValueError as error:",
        f"{FIGURES}[deep]",
    ),
    Mutant(
        "a link in a folder's place is removed",
        "shared/own_folders.py",
        "    if not disk.is_folder(folder):",
        "    if not disk.exists(folder):",
        f"{ARRIVES}::test_a_link_in_an_arrivals_folder_never_costs_an_answer[done]",
    ),
    Mutant(
        "answers arrive in no link",
        "outbox/arrival.py",
        "        drop_link(outbox.disk, folder)",
        "        pass",
        f"{ARRIVES}::test_a_link_in_an_arrivals_folder_never_costs_an_answer[done]",
    ),
    Mutant(
        "doubts are kept in no link",
        "outbox/arrival.py",
        "    drop_link(outbox.disk, mark.parent)",
        "    pass",
        f"{ARRIVES}::test_what_is_doubted_is_noted_in_no_folder_of_somebody_else",
    ),
    Mutant(
        "no answer is a link",
        "outbox/arrival.py",
        "    drop_link(there.disk, folder)",
        "    pass",
        f"{ARRIVES}::test_an_answer_that_is_a_link_is_neither_shown_nor_written_into[True]",
    ),
    Mutant(
        "a link that is refused is not set aside with what lies behind it",
        "outbox/arrival.py",
        "    drop_link(disk, came)",
        "    pass",
        f"{ARRIVES}::test_a_link_that_is_refused_is_not_set_aside",
    ),
    Mutant(
        "signs of life arrive in no link",
        "inbox/mirror.py",
        "    drop_link(inbox.disk, came)",
        "    pass",
        f"{ARRIVES}::test_signs_of_life_behind_a_link_are_nobodys",
    ),
    Mutant(
        "nothing arrives in a link",
        "inbox/carried.py",
        "        drop_link(inbox.disk, folder)",
        "        pass",
        f"{ARRIVES}::test_the_folder_for_what_is_fetched_may_be_a_link_and_costs_no_answer",
    ),
    Mutant(
        "a manifest names nothing elsewhere",
        "outbox/verifying.py",
        "Path(name).name == name and ",
        "",
        NAMED,
    ),
    Mutant(
        "a manifest names nothing nobody can print",
        "outbox/verifying.py",
        "name.isprintable() and ",
        "",
        NAMED,
    ),
    Mutant(
        "a manifest names nothing a system sweeps",
        "outbox/verifying.py",
        " and not is_systems_own(name)\n\n\ndef _verified_file",
        "\n\n\ndef _verified_file",
        NAMED,
    ),
    Mutant(
        "a manifest's sizes are numbers",
        "outbox/verifying.py",
        'type(one["bytes"]) is not int or ',
        "",
        NAMED,
    ),
    Mutant(
        "nothing lies in an answer that its manifest does not name",
        "outbox/verifying.py",
        "    if strangers:",
        "    if False:",
        "tests/outbox/test_answers.py::test_each_damage_to_a_file_is_named",
    ),
    Mutant(
        "prices of days to come are refused where they are taken in",
        "shared/cache/arrival.py",
        "        refuse_ahead(road, index)\n",
        "",
        f"{LIES}::test_prices_of_the_future_are_refused",
    ),
    Mutant(
        "prices of days to come are refused where they are brought",
        "shared/cache/carrying.py",
        "    refuse_ahead(road, theirs)\n",
        "",
        f"{LIES}::test_prices_of_the_future_are_refused",
    ),
    Mutant(
        "older prices are not brought",
        "shared/cache/carrying.py",
        "    require_newer(road.shelf, theirs)\n",
        "",
        f"{PRICES}::test_older_prices_never_replace_newer_ones",
    ),
    Mutant(
        "older prices are not taken into use",
        "shared/cache/arrival.py",
        "            require_newer(shelf, index)\n",
        "",
        f"{PRICES}::test_older_prices_that_were_sent_already_replace_nothing",
    ),
    Mutant(
        "older prices are not sent",
        "shared/cache/carrying.py",
        "    if theirs and not ours.is_newer_than(theirs):",
        "    if False:",
        f"{PRICES}::test_older_prices_never_replace_newer_ones",
    ),
    Mutant(
        "of two versions of one day the one made later is newer",
        "shared/cache/index.py",
        "        return (self.last, _moment(self)) > (other.last, _moment(other))",
        "        return self.last > other.last",
        f"{PRICES}::test_older_prices_never_replace_newer_ones",
    ),
    Mutant(
        "an index is as it was made",
        "shared/cache/index.py",
        "    if not is_same:",
        "    if False:",
        f"{PRICES}::test_an_index_that_was_changed_is_not_believed",
    ),
    Mutant(
        "what rotted in place comes into no next version",
        "shared/cache/shelf.py",
        "if not is_sound(shelf.disk, shelf.shards / shard.file, shard, {})]",
        "if not shelf.disk.exists(shelf.shards / shard.file)]",
        f"{LIES}::test_rot_in_prices_is_found_by_the_next_version",
    ),
    Mutant(
        "prices that a source did not make are not taken in by it",
        "shared/cache/arrival.py",
        "    if road.is_source:",
        "    if False:",
        f"{PRICES}::test_what_arrives_where_prices_are_fetched_by_now_is_not_taken_in",
    ),
    Mutant(
        "each share of the prices has its turn at doctor's",
        "shared/cache/looking.py",
        "    begin = day * share % (",
        "    begin = share % (",
        f"{LIES}::test_whatever_rotted_is_found_as_the_days_go_by",
    ),
    Mutant(
        "what was touched is looked at first",
        "shared/cache/looking.py",
        "if sizes[shard] != index.seen.get(shard.file)]",
        "if False]",
        f"{LIES}::test_what_is_gone_cut_or_touched_is_found_the_same_day",
    ),
)
