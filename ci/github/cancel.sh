#!/usr/bin/env bash
# When the workflow was cancelled: `qgjob run` has asked for it already, unless it was killed before it could.
set -euo pipefail
export QGJOB_SERVER_URL="${INPUT_SERVER_URL:-${QGJOB_SERVER_URL:-}}"
export QGJOB_TOKEN="${INPUT_TOKEN:-${QGJOB_TOKEN:-}}"
python="$RUNNER_TEMP/qgjob-venv/bin/python"
[ -f "$RECEIPT" ] || exit 0
run_id="$("$python" -I -c 'import json, sys; print(json.load(open(sys.argv[1], encoding="utf-8"))["run_id"] or "")' "$RECEIPT")"
[ -n "$run_id" ] || exit 0
exec "$python" -I -m qgjob cancel --run-id="$run_id"
