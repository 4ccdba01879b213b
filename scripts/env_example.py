"""Writes `.env.example` from the settings.

It exists so that the list of variables is made from the code, and a test can hold the two together.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from shared.config import CONFIG_VARIABLE, Settings, variables  # noqa: E402 - found only after the line above

# What no settings file holds: secrets, and what is said for one command or one machine. Name, default, what it is.
OUTSIDE = (
    ("METRICS_ENABLED", "", "1: jobs and runs that are over are noted in logs/metrics, see docs/metrics.md"),
    ("ALLOW_NET_FETCH", "1", "0: no provider of prices asks the network, and says so"),
    ("KRX_OPENAPI_KEY", "", "the key of the exchange's open API, for the provider krx_openapi; a secret"),
    ("KRX_OPENAPI_URL", "https://data-dbg.krx.co.kr/svc/apis", "where that API is"),
    ("KRX_OPENAPI_APART", "0.2", "how many seconds krx_openapi rests between two questions"),
    ("NAVER_CHART_URL", "http://fchart.stock.naver.com/sise.nhn", "where Naver's chart is, for the provider naver"),
    ("KRX_ID", "", "a member of the exchange's data site, for the provider pykrx_index; a secret, shown to nobody"),
    ("KRX_PW", "", "that member's password; a secret"),
    ("HTTPS_PROXY", "", "the way to the network, where it leads through a proxy: every provider of prices takes it"),
    ("HTTP_PROXY", "", "the same for addresses without TLS"),
    ("NO_PROXY", "", "hosts that are reached without it"),
    ("KRX_WATCHLIST", "", "the watchlist.yaml to be used, before any that is looked for"),
    ("KRX_CONFIG", "", "the config.yaml of the earlier systems to be used"),
    ("ALERTOR_CONFIG", "", "the same, where KRX_CONFIG is not set"),
)


def text() -> str:
    """The whole file."""
    lines = [
        "# Every variable krx-relay reads, with its default. A variable wins over the settings file;",
        "# `python -m nas config` shows what is in force. Secrets never stand in a file that is committed.",
        "",
        "# the settings file (default: configs/relay.own.yaml of the checkout, else configs/relay.yaml)",
        f"#{CONFIG_VARIABLE}=",
    ]
    for name, variable in variables().items():
        field = Settings.model_fields[name]
        default = "" if field.default is None else str(field.default)
        lines += ["", f"# {field.description}", f"#{variable}={default}"]
    for outside, default, told in OUTSIDE:
        lines += ["", f"# {told}", f"#{outside}={default}"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (ROOT / ".env.example").write_text(text(), encoding="utf-8")
