"""The door to the notices: say what happened; it is kept on disk until it was sent.

`post = open_post(settings)`, then `tell(post, Notice(…))` where something happened, `deliver(post, seconds)` where there is
time to send, `standing(post)` to see how it stands.
"""

from shared.notices.command import notify
from shared.notices.deliver import Delivered, deliver, is_due
from shared.notices.digest import Besides, digest_of
from shared.notices.hearing import hears, send_due, send_verbose_log_to_slack, telling_log
from shared.notices.layout import PHONE, blocks_of, called, code_of, cut, escaped, plain_of, text_of
from shared.notices.letter import Gone, Later, Letter, Refused, Unfit, seconds_asked, unreached
from shared.notices.notice import Notice
from shared.notices.post import Post, open_post
from shared.notices.silence import Silence, nas_silent, pc_gone, pc_idle, report_silence
from shared.notices.standing import Asked, Standing, asked_slack, standing
from shared.notices.unsent import tell
from shared.notices.words import event_name, word, words_for

__all__ = [
    "PHONE",
    "Asked",
    "Besides",
    "Delivered",
    "Gone",
    "Later",
    "Letter",
    "Notice",
    "Post",
    "Refused",
    "Silence",
    "Standing",
    "Unfit",
    "asked_slack",
    "blocks_of",
    "called",
    "code_of",
    "cut",
    "deliver",
    "digest_of",
    "escaped",
    "event_name",
    "hears",
    "is_due",
    "nas_silent",
    "notify",
    "open_post",
    "pc_gone",
    "pc_idle",
    "plain_of",
    "report_silence",
    "seconds_asked",
    "send_due",
    "send_verbose_log_to_slack",
    "standing",
    "tell",
    "telling_log",
    "text_of",
    "unreached",
    "word",
    "words_for",
]
