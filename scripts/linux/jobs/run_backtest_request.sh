#!/usr/bin/env bash
# The day's requests for backtests.
# shellcheck source=../env.sh
. "$(dirname "$0")/../env.sh"
exec "$PYTHONBIN" -m nas run request_backtest -- "$@"
