#!/bin/sh
# run_bt.sh [STRATEGY] [BENCH] [START] [END]: asks for a backtest and waits for its answer. Without END: all there is.
set -eu
cd "$(dirname "$0")/../../.."
PYTHON=${PYTHON:-.venv/bin/python}
exec "$PYTHON" -m nas submit "${1:-krx_ma200}" --benchmarks "${2:-KOSPI,S&P500}" --start "${3:-2020-01-01}" \
  ${4:+--end "$4"} --wait --timeout "${BT_TIMEOUT:-3600}"
