"""One letter of every kind there is, in both languages, and the files that hold how each looks.

It exists so that a changed look is seen in a diff before it is seen in a channel. `python -m tests.harness.sample_notices`
writes the files again.
"""

from __future__ import annotations

import json
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Dict

from shared.clock import KST
from shared.notices import Letter, Notice, Post, blocks_of, open_post, plain_of, tell, text_of
from shared.notices.deliver import deliver
from shared.notices.digest import digest_of
from shared.notices.silence import nas_silent, notice_of, pc_gone, pc_idle
from tests.harness.road import settings_for

FOLDER = Path(__file__).resolve().parent.parent / "shared" / "golden_notices"
AT = datetime(2026, 11, 20, 18, 12, tzinfo=KST)
COMPLETED = Notice(
    event="BACKTEST_COMPLETED",
    level="INFO",
    title="백테스트 완료 · momentum_topN_v1",
    day="2026-11-20",
    subject="momentum_topN_v1",
    summary="✅ momentum_topN_v1 완료 · CAGR +12.4% (KOSPI 대비 +5.1%p) · MDD −18.2% · 샤프 0.91 · 41초",
    opening="연 +12.4% (KOSPI 대비 +5.1%p), 최대낙폭 −18.2%. 직전 실행보다 CAGR +0.3%p.\n▁▂▂▃▅▄▅▆▇▆▇█ 2016-01-04 → 2026-11-20",
    facts={
        "최종 자산": "3,126만원 (시작 1,000만)",
        "CAGR / 벤치마크": "+12.4% / +7.3%",
        "MDD": "−18.2% · 현재 −2.1%",
        "샤프 / 변동성": "0.91 / 14.2%",
        "거래 / 회전율": "412건 / 연 4.2회",
        "비용 누적": "−6.8%p",
    },
    remarks=("2종목 제외 (거래정지 1, 상장폐지 1)",),
    context="bt-7f3a · 요청 nas/eod · 대기 6초 + 실행 41초 · PC-1 · 데이터 2026-11-20 · 18:12 KST",
    data_to="2026-11-20",
)
FAILED = Notice(
    event="BACKTEST_FAILED",
    level="ERROR",
    title="백테스트 실패 · momentum_topN_v1",
    cause="069500의 시세가 없습니다",
    day="2026-11-20",
    subject="momentum_topN_v1",
    about="bt-7f3a",
    opening="momentum_topN_v1을 실행하지 못했습니다: 069500의 시세가 없습니다 (E-DATA-MISSING).",
    fix="python -m nas retry bt-7f3a",
    tail=("reading prices of 069500", "looking in /data/prices", "```no such file```", "E-DATA-MISSING <069500> & others"),
    context="bt-7f3a · attempt 2/3 · PC-1 · 18:12 KST",
)
SKIPPED = Notice(
    event="BACKTEST_SKIPPED",
    level="INFO",
    title="백테스트 건너뜀 · momentum_topN_v1",
    cause="휴장",
    day="2026-11-20",
    subject="momentum_topN_v1",
)
INGEST = Notice(
    event="INGEST_FAILED", level="WARNING", title="KRX Ingest Failed", cause="pykrx Timeout", day="2025-10-24", key="pykrx"
)
HOSTILE = Notice(
    event="JOB_FAILED",
    level="ERROR",
    title="<!channel> & *friends* " + "가" * 400,
    cause="<https://evil.example|click> " + "&" * 4000,
    day="2026-11-20",
    opening="<@U123> " + "<" * 5000,
    facts={f"<{number}>" + "라" * 300: "&" * 3000 for number in range(30)},
    remarks=tuple("&" * 900 for _ in range(9)),
    fix="`rm` " + "<" * 5000,
    tail=tuple("```" + "x" * 900 for _ in range(80)),
    context="&" * 9000,
)


def letters(language: str) -> Dict[str, Letter]:
    """By the name of their file."""
    often = {"times": 12, "since": AT - timedelta(minutes=42)}
    return {
        "completed": _letter(COMPLETED, language),
        "failed": _letter(FAILED, language),
        "skipped": _letter(SKIPPED, language),
        "warning": _letter(INGEST, language),
        "warning-mentioned": _letter(INGEST, language, call="here"),
        "error-member-called": _letter(INGEST.model_copy(update={"level": "ERROR"}), language, call="U012AB3CD"),
        "counted": _letter(INGEST, language, kind="again", **often),
        "closed": _letter(INGEST, language, kind="closed", **often),
        "failure-closed": _letter(FAILED, language, kind="closed", **often),
        "over": _letter(INGEST, language, kind="over", **often),
        "over-often": _letter(INGEST, language, kind="over", flaps=3, **often),
        "back": _letter(INGEST, language, kind="back", flaps=3, **often),
        "day": _letter(INGEST, language, kind="day"),
        "digest-quiet": _letter(_digest(language, []), language),
        "digest": _letter(_digest(language, [COMPLETED, COMPLETED, FAILED, SKIPPED, INGEST]), language),
        "hostile": _letter(HOSTILE, language),
        **_silences(language),
    }


def _silences(language: str) -> Dict[str, Letter]:
    """The other side that is not heard, and is again."""
    why = "carrying to or from nas:krx/reports: rsync ended with 255: ssh: connect to host nas port 22: No route to host"
    told = {
        "nas-silent": ("NAS_SILENT", nas_silent(5400.0, None)),
        "nas-unreached": ("NAS_SILENT", nas_silent(90_000.0, why)),
        "pc-idle": ("PC_SILENT", pc_idle(3, 4000.0)),
        "pc-gone": ("PC_SILENT", pc_gone("pc-1", ["bt-1", "bt-2", "bt-3", "bt-4"], 960.0)),
    }
    return {name: _letter(notice_of(event, silence, language), language) for name, (event, silence) in told.items()}


def look_of(letter: Letter) -> Dict[str, Any]:
    """All that is shown of it anywhere."""
    return {"text": text_of(letter), "plain": plain_of(letter).splitlines(), "blocks": blocks_of(letter)}


def _letter(notice: Notice, language: str, **more: Any) -> Letter:
    return Letter(notice, "name", AT, language, **more)


def _digest(language: str, told: "list[Notice]") -> Notice:
    with tempfile.TemporaryDirectory() as folder:
        post = post_in(Path(folder), language=language)
        for notice in told:
            tell(post, notice)
        deliver(post, 5.0)
        return digest_of(post, "2026-11-20")


def post_in(folder: Path, environment: "Dict[str, str] | None" = None, **settings: Any) -> Post:
    """A post of a test's own: at a moment that stands still, without the checkout's notify.yaml, and with a silent console."""
    post = open_post(settings_for(folder / "reports", folder / "data", **settings), environment or {}, folder / "notify.yaml")
    rules = post.rules.model_copy(update={"notifiers": tuple(name for name in post.rules.notifiers if name != "console")})
    return post._replace(now=lambda: AT, rules=rules)


def write() -> None:
    """All files again."""
    FOLDER.mkdir(exist_ok=True)
    for language in ("ko", "en"):
        for name, letter in letters(language).items():
            text = json.dumps(look_of(letter), ensure_ascii=False, indent=1)
            (FOLDER / f"{name}.{language}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
