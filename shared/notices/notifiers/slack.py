"""Notices in Slack: by a bot's token, which can edit, thread and upload; else by a webhook, which can only post.

It exists so that everything Slack's own library does, raises and answers is known in one file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Tuple

from shared.notices import (
    Gone,
    Later,
    Letter,
    Post,
    Refused,
    Unfit,
    blocks_of,
    called,
    code_of,
    escaped,
    plain_of,
    seconds_asked,
    text_of,
    unreached,
    words_for,
)

OUTSIDE = True
_API = "https://slack.com/api/"
_NOT_US = frozenset((
    "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope", "no_permission",
    "org_login_required", "ekm_access_denied", "enterprise_is_restricted", "not_allowed_token_type", "access_denied",
    "team_access_not_granted", "invalid_token", "no_service", "no_team", "no_active_hooks",
))  # fmt: skip
_NOT_THERE = frozenset((
    "channel_not_found", "not_in_channel", "is_archived", "channel_is_archived", "restricted_action", "action_prohibited",
    "posting_to_general_channel_denied",
))  # fmt: skip
_NOT_SO = frozenset((
    "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "no_text", "invalid_payload",
    "invalid_arguments", "invalid_attachments", "too_many_attachments", "invalid_array_arg",
))  # fmt: skip
_NO_MORE = frozenset(
    ("message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found", "cannot_reply_to_message")
)
_LONGEST_TEXT = 40_000  # beyond which Slack cuts
_MENDED_BY_HAND = 600.0  # seconds: somebody must invite the bot, or make the channel


def is_on(post: Post) -> bool:
    """Where there is a token or a hook."""
    return bool(post.secrets.bot_token or post.secrets.slack_hook)


def address(post: Post) -> str:
    """Whose refusal counts until it changes."""
    return post.secrets.bot_token or post.secrets.slack_hook


def edits(post: Post) -> bool:
    """A bot edits its messages; a webhook does not even learn which they are."""
    return bool(post.secrets.bot_token)


def notify(letter: Letter, post: Post) -> str:
    """Show it; the mark is `<channel>/<time>`, which is how Slack names a message. Figures first, blocks where they are taken."""
    show = _by_bot if post.secrets.bot_token else _by_hook
    try:
        return show(letter, post, {"text": _text(letter, text_of(letter)), "blocks": blocks_of(letter)})
    except Unfit:
        return show(letter, post, {"text": _text(letter, plain_of(letter)), "blocks": []})


def probe(post: Post, seconds: float) -> str:
    """Who Slack says we are; nothing is posted. A webhook cannot be asked: empty."""
    if not post.secrets.bot_token:
        return ""
    answer = _asked(post, _client(post, seconds).auth_test)
    return f"{answer.get('user', '?')} @ {answer.get('team', '?')}"


# ---- a bot ----


def _by_bot(letter: Letter, post: Post, content: Dict[str, Any]) -> str:
    client = _client(post, letter.seconds)
    if letter.edit:
        channel, _, ts = letter.edit.partition("/")
        _asked(post, client.chat_update, channel=channel, ts=ts, **content)
        return letter.edit
    channel, _, thread = letter.under.partition("/")
    content.update({"thread_ts": thread} if thread else {})
    channel = channel or post.secrets.channel or post.rules.channel
    answer = _asked(post, client.chat_postMessage, channel=channel, unfurl_links=False, unfurl_media=False, **content)
    mark = f"{answer['channel']}/{answer['ts']}"
    if letter.kind == "new":
        _add_details(post, letter, f"{answer['channel']}/{thread or answer['ts']}")
    return mark


def _add_details(post: Post, letter: Letter, mark: str) -> None:
    """The whole log and the picture, below the message. What becomes of them is no reason to repeat it."""
    channel, _, ts = mark.partition("/")
    client, picture = _client(post, letter.seconds), Path(letter.notice.picture)
    try:
        if len(letter.notice.tail) > 3:
            text = f"```{code_of(list(letter.notice.tail[-60:]))}```"
            _asked(post, client.chat_postMessage, channel=channel, thread_ts=ts, text=text)
        if letter.notice.picture and picture.is_file():
            named = {"filename": picture.name, "title": letter.notice.title}
            _asked(post, client.files_upload_v2, channel=channel, thread_ts=ts, file=str(picture), **named)
    except (Later, Refused, Unfit, Gone, OSError):
        return


def _client(post: Post, seconds: float) -> Any:
    """Without the library's own retries: one of them is a second message where only Slack's answer was lost."""
    from slack_sdk import WebClient

    address = _api(post)
    client = WebClient(post.secrets.bot_token, base_url=address, timeout=_whole(seconds), retry_handlers=[], logger=_quiet())
    if address.startswith("http:"):
        client.proxy = None  # a stand-in on this machine is not behind the house's proxy
    return client


def _api(post: Post) -> str:
    address = post.secrets.api or _API
    return address if address.endswith("/") else f"{address}/"


def _quiet() -> Any:
    """A logger for the library, which would tell what it sends."""
    import logging

    quiet = logging.getLogger("krx-relay.slack")
    quiet.propagate = False
    if not quiet.handlers:
        quiet.addHandler(logging.NullHandler())
    return quiet


def _asked(post: Post, call: Any, **words: Any) -> Any:
    """What Slack answered; else what that means for us."""
    from http.client import HTTPException

    from slack_sdk.errors import SlackApiError, SlackClientError

    try:
        return call(**words)
    except SlackApiError as error:
        answer: Any = error.response
        status, headers = getattr(answer, "status_code", 200), getattr(answer, "headers", {})
        raise _meaning(status, str(answer.get("error", "")), headers) from error
    except (OSError, HTTPException, ValueError, SlackClientError) as error:
        raise unreached(_api(post), error) from error


# ---- a webhook ----


def _by_hook(letter: Letter, post: Post, content: Dict[str, Any]) -> str:
    from http.client import HTTPException

    from slack_sdk.webhook import WebhookClient

    client = WebhookClient(post.secrets.slack_hook, timeout=_whole(letter.seconds), retry_handlers=[], logger=_quiet())
    if post.secrets.slack_hook.startswith("http:"):
        client.proxy = None
    try:
        answer = client.send_dict({"text": content["text"], **({"blocks": content["blocks"]} if content["blocks"] else {})})
    except (OSError, HTTPException, ValueError) as error:
        raise unreached(post.secrets.slack_hook, error) from error
    if answer.status_code != 200:
        raise _meaning(answer.status_code, answer.body.strip(), answer.headers)
    return ""


def _meaning(status: int, said: str, headers: Dict[str, Any]) -> Exception:
    code = said if said.isidentifier() else f"HTTP {status}"
    refused = Refused(words_for("refused_us", code))
    slow_down = Later(words_for("slow_down"), seconds_asked(_header(headers)), busy=True)
    known: List[Tuple[bool, Exception]] = [
        (status == 429 or said == "ratelimited", slow_down),
        (said in _NOT_US or status == 401, refused),
        (said in _NOT_THERE, Later(words_for("no_channel", code), _MENDED_BY_HAND)),
        (said in _NO_MORE, Gone(code)),
        (said in _NOT_SO, Unfit(code)),
        (status in (403, 404, 410), refused),
    ]
    return next((error for is_so, error in known if is_so), Later(words_for("answers", "Slack", code)))


def _header(headers: Dict[str, Any]) -> str:
    found = {name.lower(): value for name, value in headers.items()}.get("retry-after", "")
    return str(found[0] if isinstance(found, list) and found else found)


def _whole(seconds: float) -> int:
    return max(1, int(seconds))


def _text(letter: Letter, text: str) -> str:
    return called(letter) + escaped(text, _LONGEST_TEXT)
