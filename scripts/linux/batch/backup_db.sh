#!/usr/bin/env bash
# A verified archive of what cannot be made again.
# shellcheck source=../env.sh
. "$(dirname "$0")/../env.sh"
exec "$PYTHONBIN" -m nas run back_up -- "$@"
