#!/usr/bin/env bash
# The scanner, in trading hours.
# shellcheck source=../env.sh
. "$(dirname "$0")/../env.sh"
exec "$PYTHONBIN" -m nas run scan -- "$@"
