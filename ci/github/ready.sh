#!/usr/bin/env bash
# The first step of the action: is there a farm to go to, and where does the receipt of this use of the action go?
set -euo pipefail

missing() {
  local text
  text="qgjob does not know its farm: the input \`server-url\` is empty. Set the secret QGJOB_SERVER_URL in this repository \
(and QGJOB_TOKEN, where the farm wants one), and give it to the action. GitHub hands no secrets to workflows that a pull \
request from a fork has started: there, somebody who may push runs the tests from a branch of this repository."
  printf '### ⚠️ qgjob: nothing was run\n\n%s\n' "$text" >>"$GITHUB_STEP_SUMMARY"
  printf 'status=configuration_error\n' >>"$GITHUB_OUTPUT"
  printf '::error title=qgjob%%3A the secret QGJOB_SERVER_URL is missing::%s\n' "$text"
  exit 2
}

[ -n "${INPUT_SERVER_URL:-${QGJOB_SERVER_URL:-}}" ] || missing
folder="$(mktemp -d "$RUNNER_TEMP/qgjob-XXXXXXXX")"
printf 'receipt=%s\n' "$folder/receipt.json" >>"$GITHUB_OUTPUT"
