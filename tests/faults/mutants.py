"""The rules of the protocol, each as a text edit that breaks it and the test that must notice.

It exists so that a rule nobody tests cannot hide: the list is itself a test (test_mutants.py).
"""

from __future__ import annotations

from typing import NamedTuple, Tuple

RULES = "tests/faults/test_rules.py"
POWER = "tests/faults/test_power_cut.py::test_a_power_cut_at_any_moment"


class Mutant(NamedTuple):
    """In `file`, `old` becomes `new`; then `test` (of RULES, where it names no file) must fail."""

    rule: str
    file: str
    old: str
    new: str
    test: str


MUTANTS: Tuple[Mutant, ...] = (
    Mutant(
        "a duplicate of a claimed request stays",
        "pc/take.py",
        "    if claim is None:\n        shift.put_off",
        "    if claim is None:\n        desk.inbox.disk.remove(path)\n        shift.put_off",
        "test_a_duplicate_of_a_claimed_request_stays_until_the_answer",
    ),
    Mutant(
        "a dead owner's claim is taken over while its request is still in pending",
        "inbox/claim.py",
        "    if claimed is None:\n",
        '    if claimed is None or (claimed[0] > 1 and path.parent.name == "pending"):\n',
        "test_a_claim_whose_request_is_still_in_pending_is_taken_over",
    ),
    Mutant(
        "answered is asked again after the claim",
        "pc/take.py",
        "    if is_answered(shift.desk.outbox, claim.request_id):\n        settle(shift, claim.file, claim.asked)\n        return False\n    why_not",
        "    why_not",
        "test_no_run_starts_for_an_id_answered_while_we_claimed",
    ),
    Mutant(
        "a torn claim is free after the lease",
        "inbox/claim.py",
        "    return age > me.lease",
        "    return False",
        "test_a_torn_claim_is_free_after_the_lease",
    ),
    Mutant(
        "a torn claim is not free before the lease",
        "inbox/claim.py",
        "    return age > me.lease",
        "    return True",
        "test_a_torn_claim_is_not_free_before_the_lease",
    ),
    Mutant(
        "a worker's name is not its identity",
        "inbox/liveness.py",
        "self.name = names.incarnation_name(self.worker)",
        'self.name = f"{self.worker}~0"',
        "test_a_workers_name_is_not_its_identity",
    ),
    Mutant(
        "settle moves first, then compares",
        "pc/settle.py",
        "    brought = bring_in(shift.me, path, asked)\n",
        "    if answer_of(desk.outbox, asked.request_id).digest == asked.digest:\n"
        "        desk.inbox.disk.move(path, path.with_suffix('.gone'))\n"
        "        desk.inbox.disk.remove(path.with_suffix('.gone'))\n        return None\n    brought = bring_in(shift.me, path, asked)\n",
        "test_a_file_exchanged_while_it_is_settled_is_not_lost",
    ),
    Mutant(
        "what was moved is read again",
        "inbox/claim.py",
        "    return read_asked(inbox, target, asked.request_id, asked)",
        "    return asked",
        "test_the_content_under_our_own_name_is_the_request",
    ),
    Mutant(
        "another id under our name is given back",
        "inbox/claim.py",
        "    return held.request_id == asked.request_id and (",
        "    return (",
        "test_another_id_under_our_name_is_given_back",
    ),
    Mutant(
        "the mark of a give back comes first",
        "inbox/claim.py",
        "    if held.attempt is not None:\n        mark_given_back(inbox, held.request_id, held.attempt, ended)\n        inbox.disk.flush_folder(inbox.claims)  # else a power cut could make a death of it\n    returned",
        "    returned",
        "test_the_mark_of_a_give_back_comes_before_the_move",
    ),
    Mutant(
        "the mark of a give back does not come after the move",
        "inbox/claim.py",
        "    if held.attempt is not None:\n        mark_given_back(inbox, held.request_id, held.attempt, ended)\n        inbox.disk.flush_folder(inbox.claims)  # else a power cut could make a death of it\n    returned = inbox.pending / names.returned_name(held.request_id, held.attempt)\n    try:\n"
        "        inbox.disk.move(held.path, returned)\n",
        "    returned = inbox.pending / names.returned_name(held.request_id, held.attempt)\n    try:\n"
        "        inbox.disk.move(held.path, returned)\n"
        "        mark_given_back(inbox, held.request_id, held.attempt, ended)\n",
        "test_the_mark_of_a_give_back_comes_before_the_move",
    ),
    Mutant(
        "a give back does not remove the claim first",
        "inbox/claim.py",
        "    if held.attempt is not None:\n        mark_given_back(inbox, held.request_id, held.attempt, ended)\n        inbox.disk.flush_folder(inbox.claims)  # else a power cut could make a death of it\n    returned",
        "    inbox.disk.remove(claim_file(inbox, held.request_id, held.attempt))\n    returned",
        "test_the_mark_of_a_give_back_comes_before_the_move",
    ),
    Mutant(
        "a give back does not remove the claim afterwards",
        "inbox/claim.py",
        "    inbox.disk.flush_folder(inbox.pending)\n",
        "    inbox.disk.remove(claim_file(inbox, held.request_id, held.attempt))\n",
        "test_a_give_back_is_not_a_death",
    ),
    Mutant(
        "a give back replaces nothing",
        "inbox/claim.py",
        "    returned = inbox.pending / names.returned_name(held.request_id, held.attempt)",
        '    returned = inbox.pending / "a.json"',
        "test_a_give_back_replaces_nothing",
    ),
    Mutant(
        "a give back is not a death",
        "inbox/claim_files.py",
        "    return STOPPED if said == STOPPED.encode() else GIVEN_BACK",
        "    return DIED",
        "test_a_give_back_is_not_a_death",
    ),
    Mutant(
        "drafts are litter only once the id is answered",
        "pc/sweep.py",
        "        if is_answered(desk.outbox, request_id):\n",
        "        if True:\n",
        "test_a_draft_of_an_unanswered_id_is_nobodys_litter",
    ),
    Mutant(
        "sealing replaces nothing",
        "outbox/draft.py",
        "            return self._disk.move_folder(self.folder, target)",
        "            self._disk.remove_tree(target)\n            return self._disk.move_folder(self.folder, target)",
        "test_sealing_replaces_nothing",
    ),
    Mutant(
        "a higher claim is looked for before sealing",
        "inbox/claim.py",
        "return ours and not",
        "return ours or not",
        "test_a_worker_whose_claim_was_taken_over_cannot_seal",
    ),
    Mutant(
        "the own claim is looked for before sealing",
        "inbox/claim.py",
        "    except (FileNotFoundError, ValueError, RecursionError):\n        return False\n    ours",
        "    except (FileNotFoundError, ValueError, RecursionError):\n        content = {'nonce': claim.nonce}\n    ours",
        "test_a_worker_whose_claim_was_swept_cannot_seal",
    ),
    Mutant(
        "the claim is checked at all before sealing",
        "outbox/draft.py",
        "        if not still_ours():\n",
        "        if False:\n",
        "test_a_worker_whose_claim_was_taken_over_cannot_seal",
    ),
    Mutant(
        "done is looked up before the tombstone",
        "outbox/sealed.py",
        'return exists(f"{outbox.done}/{request_id}/{MANIFEST}") or exists(_tombstone(outbox, request_id))',
        'return exists(_tombstone(outbox, request_id)) or exists(f"{outbox.done}/{request_id}/{MANIFEST}")',
        "test_an_answer_being_archived_is_answered_at_every_moment",
    ),
    Mutant(
        "the tombstone comes before the move",
        "outbox/retention.py",
        "    if not disk.exists(stone):\n",
        "    disk.move_folder(outbox.done / request_id, place)\n    if not disk.exists(stone):\n",
        "test_the_tombstone_is_there_before_the_answer_goes",
    ),
    Mutant(
        "an archived id has a tombstone",
        "outbox/retention.py",
        "    if not disk.exists(stone):\n",
        "    if False:\n",
        "test_an_answer_being_archived_is_answered_at_every_moment",
    ),
    Mutant(
        "nothing with leftovers is archived",
        "outbox/retention.py",
        "    if has_claims or request_id in drafts(outbox):\n",
        "    if False:\n",
        "test_an_answer_with_leftovers_is_not_archived",
    ),
    Mutant(
        "a claim that found no file is marked",
        "inbox/claim.py",
        "            mark_given_back(inbox, request_id, attempt)\n            return None\n        return Claim(",
        "            return None\n        return Claim(",
        "test_a_claim_that_found_no_file_is_marked_not_removed",
    ),
    Mutant(
        "a claim that found no file is not removed",
        "inbox/claim.py",
        "            mark_given_back(inbox, request_id, attempt)\n            return None\n        return Claim(",
        "            inbox.disk.remove(claim_file(inbox, request_id, attempt))\n            return None\n        return Claim(",
        "test_a_claim_that_found_no_file_is_marked_not_removed",
    ),
    Mutant(
        "the own running file is compared before it goes",
        "pc/settle.py",
        '    if answer.digest in ("", held.digest):',
        "    if True:",
        "test_a_held_file_with_other_content_than_the_answers_gets_its_own",
    ),
    Mutant(
        "cancelling answers",
        "pc/settle.py",
        "    asked = read_asked(inbox, paths[0], request_id) if paths else None\n",
        "    if paths:\n        inbox.disk.remove(paths[0])\n        inbox.disk.remove(inbox.pending / name)\n        return\n"
        "    asked = read_asked(inbox, paths[0], request_id) if paths else None\n",
        "test_cancelling_answers_and_never_just_removes",
    ),
    Mutant(
        "a cancel asks again once its draft is complete",
        "pc/answer.py",
        "    return draft.seal(facts, lambda: not is_answered(desk.outbox, request_id))",
        "    return draft.seal(facts, lambda: True)",
        "test_a_cancel_that_comes_while_the_answer_is_archived_answers_nothing",
    ),
    Mutant(
        "a superseded run leaves its request alone",
        "pc/settle.py",
        "    if not is_answered(desk.outbox, claim.request_id):\n        return\n    if sealed.ours:",
        "    if True:",
        "test_a_superseded_run_leaves_its_request_alone",
    ),
    Mutant(
        "the claim file decides, not the rename",
        "inbox/claim.py",
        "    except FileExistsError:\n        return False\n    except HalfWritten:",
        "    except FileExistsError:\n        pass\n    except HalfWritten:",
        "test_the_loser_of_a_claim_leaves_the_file",
    ),
    Mutant(
        "the manifest is written last",
        "outbox/draft.py",
        "        self._disk.make_folder(self.folder)\n",
        "        self._disk.make_folder(self.folder)\n        self._disk.put(self.folder / MANIFEST, b'{}')\n",
        "test_the_manifest_is_written_last",
    ),
    Mutant(
        "what is acknowledged is flushed",
        "shared/disk.py",
        "            if flush:\n",
        "            if False:\n",
        "test_everything_acknowledged_is_flushed_first",
    ),
    Mutant(
        "an answer is flushed before it is visible",
        "outbox/draft.py",
        "        if self._disk.durable:\n",
        "        if False:\n",
        "test_everything_acknowledged_is_flushed_first",
    ),
    Mutant(
        "the folder of a new name is flushed",
        "shared/disk.py",
        "            raise\n        self.flush_folder(folder)",
        "            raise",
        "test_everything_acknowledged_is_flushed_first",
    ),
    Mutant(
        "only the file server's clock tells who is alive",
        "inbox/liveness.py",
        "        return self._server + (",
        "        return time.time() + (",
        "test_who_is_alive_is_told_by_the_file_servers_clock",
    ),
    Mutant(
        "a power cut takes nothing of an answer that is visible",
        "outbox/draft.py",
        '            self._disk.flush_all([f"{self.folder}/{name}" for name in names], [self.folder])\n',
        "            self._disk.flush_all([], [self.folder])\n",
        f"{POWER}[run one]",
    ),
    Mutant(
        "a power cut takes no manifest",
        "outbox/draft.py",
        "for entry in self._files), MANIFEST]",
        "for entry in self._files)]",
        f"{POWER}[run one]",
    ),
    Mutant(
        "done is flushed before the request goes",
        "outbox/draft.py",
        "            self._disk.flush_folder(self._outbox.done)\n",
        "            pass\n",
        f"{POWER}[run one]",
    ),
    Mutant(
        "done is flushed before somebody else removes the request",
        "outbox/sealed.py",
        "    outbox.disk.flush_folder(outbox.done)\n",
        "",
        f"{POWER}[seal, killed before the flush, settled by another]",
    ),
    Mutant(
        "a wish to cancel lasts",
        "shared/disk.py",
        "            raise\n        self.flush_folder(folder)",
        "            raise",
        f"{POWER}[a wish to cancel that was acknowledged]",
    ),
    Mutant(
        "a give back lasts as long as its request",
        "inbox/claim.py",
        "        inbox.disk.flush_folder(inbox.claims)  # else a power cut could make a death of it\n",
        "",
        f"{POWER}[give back the only attempt]",
    ),
    Mutant(
        "a new archive is not lost with all that is in it",
        "shared/disk.py",
        "            self.flush_folder(path.parent)\n",
        "            pass\n",
        f"{POWER}[archive]",
    ),
    Mutant(
        "a tombstone is on the platter before its answer moves",
        "outbox/retention.py",
        "        disk.publish(stone, ",
        "        disk.put(stone, ",
        f"{POWER}[archive]",
    ),
    Mutant(
        "a copy on another disk is on the platter before the original goes",
        "outbox/moving.py",
        "        disk.flush_all([draft / name for name in names], [draft])\n",
        "",
        f"{POWER}[archive onto another disk]",
    ),
    Mutant(
        "an original goes from sight before its files go",
        "outbox/moving.py",
        "    outbox.disk.flush_folder(move.source.parent)\n    outbox",
        "    outbox",
        f"{POWER}[archive onto another disk]",
    ),
    Mutant(
        "a sign of life lasts as long as what its worker holds",
        "inbox/liveness.py",
        "            disk.flush_folder(self.folder)\n",
        "",
        f"{POWER}[several of several kinds]",
    ),
)
