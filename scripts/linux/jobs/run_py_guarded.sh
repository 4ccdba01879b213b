#!/usr/bin/env bash
# Any command; an outage of outside data is no failure of it.
# shellcheck source=../env.sh
. "$(dirname "$0")/../env.sh"
exec "$PYTHONBIN" -m nas run -- "$@"
