#!/usr/bin/env bash
# What this NAS lacks.
# shellcheck source=../env.sh
. "$(dirname "$0")/../env.sh"
exec "$PYTHONBIN" -m nas run healthcheck -- "$@"
