#!/usr/bin/env bash
# The newest code: fast-forward only.
# shellcheck source=../env.sh
. "$(dirname "$0")/../env.sh"
exec "$PYTHONBIN" -m nas run update_from_git -- "$@"
