"""The door to the answers: draft, seal, look up, verify, archive. Nothing else touches building, done and answered."""

from outbox.arrival import Arrivals, admit, arrived, drop_arrival, is_doubted_again, refuse, refused, refused_in
from outbox.draft import Draft
from outbox.leftovers import drafts, drop_draft, last_words, set_aside, sweep_drafts
from outbox.retention import NotYetArchivable, archive, bring_back, take_out
from outbox.sealed import (
    MANIFEST,
    Answer,
    Outbox,
    answer_of,
    answers,
    folders_of,
    is_answered,
    make_outbox,
    manifest_of,
    open_outbox,
    report_of,
    request_of,
    sealed_at,
    tombstone,
    verify,
)

__all__ = [
    "MANIFEST",
    "Answer",
    "Arrivals",
    "Draft",
    "NotYetArchivable",
    "Outbox",
    "admit",
    "answer_of",
    "answers",
    "archive",
    "arrived",
    "bring_back",
    "drafts",
    "drop_arrival",
    "drop_draft",
    "folders_of",
    "is_answered",
    "is_doubted_again",
    "last_words",
    "make_outbox",
    "manifest_of",
    "open_outbox",
    "refuse",
    "refused",
    "refused_in",
    "report_of",
    "request_of",
    "sealed_at",
    "set_aside",
    "sweep_drafts",
    "take_out",
    "tombstone",
    "verify",
]
