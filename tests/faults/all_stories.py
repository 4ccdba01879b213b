"""Every story there is: whoever adds some adds one line here, and they are killed, failed and cut at every operation.

It exists so that no kind of fault forgets a story.
"""

from __future__ import annotations

from tests.faults.archive_stories import ARCHIVE_STORIES
from tests.faults.scenarios import SCENARIOS

STORIES = (
    *SCENARIOS,
    *ARCHIVE_STORIES,
)
