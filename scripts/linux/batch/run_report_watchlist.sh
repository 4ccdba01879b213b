#!/usr/bin/env bash
# The watchlist report.
# shellcheck source=../env.sh
. "$(dirname "$0")/../env.sh"
exec "$PYTHONBIN" -m nas run report_watchlist -- "$@"
