# shellcheck shell=bash
# What every script beside it begins with: the checkout, its environment, a Python. Sourced, not started.
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 3
set -a
for file in config/env.nas.sh configs/env.nas.sh; do
    # shellcheck disable=SC1090 # an operator's own
    [ ! -r "$file" ] || . "$file"
done
set +a
[ -n "${PYTHONBIN:-}" ] || PYTHONBIN=$([ -x .venv/bin/python ] && echo .venv/bin/python || echo python3)
