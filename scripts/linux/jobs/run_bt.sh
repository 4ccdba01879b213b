#!/usr/bin/env bash
# run_bt.sh [STRATEGY] [BENCH] [START] [END]: asks for a backtest and waits for its answer. Without END: all there is.
# shellcheck source=../env.sh
. "$(dirname "$0")/../env.sh"
exec "$PYTHONBIN" -m nas submit "${1:-krx_ma200}" --benchmarks "${2:-KOSPI,S&P500}" --start "${3:-2020-01-01}" \
  ${4:+--end "$4"} --wait --timeout "${BT_TIMEOUT:-3600}"
