#!/usr/bin/env bash
# Requests out, answers home.
# shellcheck source=../env.sh
. "$(dirname "$0")/../env.sh"
exec "$PYTHONBIN" -m nas run sync_reports -- "$@"
