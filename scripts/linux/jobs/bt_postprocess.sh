#!/usr/bin/env bash
# bt_postprocess.sh [STRATEGY]: its newest answer beside the one before it; without STRATEGY each one's.
# shellcheck source=../env.sh
. "$(dirname "$0")/../env.sh"
exec "$PYTHONBIN" -m nas run compare_results --guard none -- ${1:+--strategy "$1"}
