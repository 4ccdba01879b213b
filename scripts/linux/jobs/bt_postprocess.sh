#!/bin/sh
# bt_postprocess.sh [STRATEGY]: its newest answer beside the one before it; without STRATEGY each one's.
set -eu
cd "$(dirname "$0")/../../.."
PYTHON=${PYTHON:-.venv/bin/python}
exec "$PYTHON" -m nas run compare_results --guard none -- ${1:+--strategy "$1"}
