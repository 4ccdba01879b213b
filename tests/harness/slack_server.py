"""A Slack of the test's own: it keeps the messages a person would see, and misbehaves as told.

It exists so that the real slack_sdk speaks to something over a real socket: fine, slow, full, refusing, hanging or gone.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Dict, List, NamedTuple, Optional, Type
from urllib.parse import parse_qs, urlsplit

TOKEN = "xoxb-1111-2222-goodgoodgood"


class Answer(NamedTuple):
    """How one call is answered; `counts`: Slack did it all the same."""

    status: int = 200
    error: str = ""
    retry_after: Optional[str] = None
    counts: bool = False
    manner: str = ""  # hang, close or late: after it has received and done what was asked


OK = Answer(counts=True)
SLOW_DOWN = Answer(429, "ratelimited", "1")
SLOW_DOWN_LONG = Answer(429, "ratelimited", "120")
SLOW_DOWN_UNSAID = Answer(429, "ratelimited")
BROKEN = Answer(500, "internal_error")
REFUSED = Answer(error="invalid_auth")
HANG = Answer(manner="hang")
CLOSE = Answer(counts=True, manner="close")
LATE = Answer(counts=True, manner="late")
_PAUSES = {"hang": 60.0, "late": 1.5}


class SlackServer:
    """`messages` by their time, as the channel shows them; `calls` are the methods asked, in order."""

    def __init__(self) -> None:
        self.messages: Dict[str, Dict[str, Any]] = {}
        self.calls: List[str] = []
        self.files: List[bytes] = []
        self.alerts: List[Dict[str, Any]] = []
        self.script: List[Answer] = []
        self.token = TOKEN
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> "SlackServer":
        self._thread.start()
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def bot(self) -> Dict[str, str]:
        """The environment of somebody with a bot's token."""
        return {"SLACK_BOT_TOKEN": TOKEN, "SLACK_API_URL": f"{self.url}/api/"}

    def hook(self) -> Dict[str, str]:
        """The environment of somebody with a webhook."""
        return {"SLACK_WEBHOOK_URL": f"{self.url}/services/T1/B1/x1"}

    def alert(self) -> Dict[str, str]:
        """The environment of somebody with another webhook."""
        return {"ALERT_WEBHOOK_URL": f"{self.url}/alert"}

    def then(self, *answers: Answer) -> None:
        """The next calls are answered so; after them all is well."""
        self.script = list(answers)

    def channel(self) -> List[str]:
        """What a person sees in the channel, threads folded."""
        return [one["text"] for one in self.messages.values() if not one["thread"]]

    def threads(self) -> Dict[str, List[str]]:
        """What a person sees below each message that has a thread."""
        found: Dict[str, List[str]] = {}
        for one in self.messages.values():
            if one["thread"]:
                found.setdefault(self.messages[one["thread"]]["text"], []).append(one["text"])
        return found

    # ---- what the handler asks ----

    def answer(self, path: str, body: bytes, given: Dict[str, str]) -> "tuple[Answer, Any]":
        """What to say to one call."""
        with self._lock:
            method = path.rpartition("/")[2] if path.startswith("/api/") else path.split("/")[1]
            self.calls.append(method)
            answer = self.script.pop(0) if self.script else OK
            if answer is OK and path.startswith("/api/") and given.get("authorization") != f"Bearer {self.token}":
                answer = REFUSED
            done = self._do(method, body, given) if answer.counts else {}
        if answer.manner in _PAUSES:
            self._over.wait(_PAUSES[answer.manner])
        return answer, done

    def _do(self, method: str, body: bytes, given: Dict[str, str]) -> Any:
        if method == "upload":
            self.files.append(body)
            return {"ok": True}
        asked = _document(body, given)
        if method == "alert":
            self.alerts.append(asked)
            return {"ok": True}
        if method in ("chat.postMessage", "services"):
            return self._post(asked)
        if method == "chat.update":
            return self._update(asked)
        return {
            "auth.test": {"ok": True, "user": "relay", "team": "house"},
            "files.getUploadURLExternal": {"ok": True, "upload_url": f"{self.url}/upload", "file_id": "F1"},
            "files.completeUploadExternal": {"ok": True, "files": [{"id": "F1", "title": "picture"}]},
        }[method]

    def _post(self, asked: Dict[str, Any]) -> Any:
        ts = f"{1700000000 + len(self.messages)}.000100"
        channel = asked.get("channel", "#by-hook")
        self.messages[ts] = {
            "channel": channel,
            "text": asked["text"],
            "blocks": asked.get("blocks") or [],
            "thread": asked.get("thread_ts", ""),
            "edits": 0,
        }
        return {"ok": True, "channel": "C0000001", "ts": ts}

    def _update(self, asked: Dict[str, Any]) -> Any:
        if asked["ts"] not in self.messages:
            return {"ok": False, "error": "message_not_found"}
        message = self.messages[asked["ts"]]
        message.update(text=asked["text"], blocks=asked.get("blocks") or [], edits=message["edits"] + 1)
        return {"ok": True, "channel": "C0000001", "ts": asked["ts"]}


def _document(body: bytes, given: Dict[str, str]) -> Dict[str, Any]:
    if "json" in given.get("content-type", ""):
        found: Dict[str, Any] = json.loads(body or b"{}")
        return found
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


def _handler(server: SlackServer) -> Type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One call."""

        def do_POST(self) -> None:
            """Received whole, then answered as the script says."""
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            given = {name.lower(): value for name, value in self.headers.items()}
            path = urlsplit(self.path).path
            answer, done = server.answer(path, body, given)
            if answer.manner in ("hang", "close"):
                self.close_connection = True
                return
            hook = not path.startswith("/api/")
            said = (answer.error or "ok") if hook else json.dumps({"ok": False, "error": answer.error} if answer.error else done)
            status = {"invalid_auth": 403}.get(answer.error, answer.status) if hook else answer.status
            self._say(status, said.encode(), answer.retry_after, "text/html" if hook else "application/json")

        do_GET = do_POST  # noqa: N815 - some methods of the library are GETs

        def _say(self, status: int, said: bytes, retry_after: Optional[str], kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(said)))
            if retry_after is not None:
                self.send_header("Retry-After", retry_after)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: Any) -> None:
            """Nothing: the test looks at `calls`."""

    return Handler
