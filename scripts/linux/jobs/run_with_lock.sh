#!/usr/bin/env bash
# A script, never twice at once.
# shellcheck source=../env.sh
. "$(dirname "$0")/../env.sh"
exec "$PYTHONBIN" -m nas run -- "$@"
