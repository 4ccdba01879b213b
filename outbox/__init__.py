"""The door to the answers: draft, seal, look up, verify, archive. Nothing else touches building, done and answered."""

from outbox.archived import (
    ArchiveAway,
    Kept,
    archived_manifest,
    archived_request,
    folder_of,
    kept,
    newest_archived,
    tombstones,
)
from outbox.archiving import Plan, archive_alone, close_archive
from outbox.arrival import Arrivals, admit, arrived, doubt, drop_arrival, is_doubted, refuse, refused, refused_in, why_refused
from outbox.checks import answers_whole
from outbox.draft import Draft
from outbox.in_place import SCHEMA, conflict_with, report_of
from outbox.leftovers import answers_known, drafts, drop_draft, kept_aside, last_words, set_aside, sweep_drafts
from outbox.moving import take_out
from outbox.retention import archive, bring_back
from outbox.sealed import (
    MANIFEST,
    Answer,
    Outbox,
    answer_of,
    answers,
    is_answered,
    is_link,
    make_lasting,
    make_outbox,
    manifest_of,
    open_outbox,
    report_in,
    sealed_at,
    times_of,
)
from outbox.verifying import is_whole, verified, verify

__all__ = [
    "MANIFEST",
    "SCHEMA",
    "Answer",
    "ArchiveAway",
    "Arrivals",
    "Draft",
    "Kept",
    "Outbox",
    "Plan",
    "admit",
    "answer_of",
    "answers",
    "answers_known",
    "answers_whole",
    "archive",
    "archive_alone",
    "archived_manifest",
    "archived_request",
    "arrived",
    "bring_back",
    "close_archive",
    "conflict_with",
    "doubt",
    "drafts",
    "drop_arrival",
    "drop_draft",
    "folder_of",
    "is_answered",
    "is_doubted",
    "is_link",
    "is_whole",
    "kept",
    "kept_aside",
    "last_words",
    "make_lasting",
    "make_outbox",
    "manifest_of",
    "newest_archived",
    "open_outbox",
    "refuse",
    "refused",
    "refused_in",
    "report_in",
    "report_of",
    "sealed_at",
    "set_aside",
    "sweep_drafts",
    "take_out",
    "times_of",
    "tombstones",
    "verified",
    "verify",
    "why_refused",
]
