"""What an answer says that stands in the place of a run: its report, and the refusal of what asks otherwise.

It exists because whichever side has the first answer to an id refuses the second request, and both say it alike.
"""

from __future__ import annotations

from shared.error_names import named_first
from shared.errors import RelayError, RequestConflict
from shared.outcome import called

SCHEMA = "relay.manifest/1"


def report_of(request_id: str, error: RelayError, language: str) -> bytes:
    """The report of an answer that has nothing else to report."""
    head = f"{called(error.status, language)}  {request_id}  {error.code}"
    return f"{head}\n{named_first(error.code, str(error)).in_language(language)}\n".encode(errors="replace")


def conflict_with(request_id: str) -> RequestConflict:
    """The refusal of other content under an id that is answered."""
    found = "that id is already answered, for a request with other content"
    return RequestConflict(f"answering {request_id!r}", found, "submit it again under a new request_id")
