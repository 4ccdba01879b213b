#!/usr/bin/env bash
# The end-of-day report, on trading days; tried again while the day is stale.
# shellcheck source=../env.sh
. "$(dirname "$0")/../env.sh"
exec "$PYTHONBIN" -m nas run report_eod -- "$@"
