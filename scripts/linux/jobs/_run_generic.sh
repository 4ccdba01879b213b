#!/usr/bin/env bash
# Any command, guarded and tried again: --log NAME --guard none|td|th --retry-rc N --retry-max K --retry-sleep S -- CMD
# shellcheck source=../env.sh
. "$(dirname "$0")/../env.sh"
exec "$PYTHONBIN" -m nas run "$@"
