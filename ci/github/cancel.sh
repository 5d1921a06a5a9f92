#!/usr/bin/env bash
# When the workflow was cancelled: `qgjob run` has asked for it already, unless it was killed before it could.
set -euo pipefail
export QGJOB_SERVER_URL="${INPUT_SERVER_URL:-${QGJOB_SERVER_URL:-}}"
export QGJOB_TOKEN="${INPUT_TOKEN:-${QGJOB_TOKEN:-}}"
if [ ! -f "$RECEIPT" ]; then exit 0; fi
exec "$RUNNER_TEMP/qgjob-venv/bin/python" -I -m qgjob cancel --receipt="$RECEIPT"
