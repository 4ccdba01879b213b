#!/usr/bin/env bash
# The day's prices.
# shellcheck source=../env.sh
. "$(dirname "$0")/../env.sh"
exec "$PYTHONBIN" -m nas run ingest_eod -- "$@"
