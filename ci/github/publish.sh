#!/usr/bin/env bash
# Tells GitHub how the run came out, whatever that was. The colour of the job is that of the step before.
set -euo pipefail
export QGJOB_SERVER_URL="${INPUT_SERVER_URL:-${QGJOB_SERVER_URL:-}}"
export QGJOB_TOKEN="${INPUT_TOKEN:-${QGJOB_TOKEN:-}}"
arguments=()
if [ "${INPUT_COMMENT:-}" = true ]; then arguments+=(--comment); fi
if [ "${INPUT_CHECK:-}" = true ]; then arguments+=(--check); fi
exec "$RUNNER_TEMP/qgjob-venv/bin/python" -I -m qgjob github publish --receipt="$RECEIPT" --summary --annotations \
  --project-dir="${INPUT_PROJECT_DIR:-.}" --leg="${INPUT_LEG:-}" --step="${INPUT_STEP:-}" --name="${INPUT_NAME:-}" \
  ${arguments[@]+"${arguments[@]}"}
