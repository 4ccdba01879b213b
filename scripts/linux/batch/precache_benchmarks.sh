#!/usr/bin/env bash
# The benchmarks' prices, before the open.
# shellcheck source=../env.sh
. "$(dirname "$0")/../env.sh"
exec "$PYTHONBIN" -m nas run precache -- "$@"
