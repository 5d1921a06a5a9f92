#!/usr/bin/env bash
# Runs the tests: the inputs of the action become the arguments of `qgjob run`, which takes the place of this script, so
# that the runner's signals reach it and its exit code is the step's. What is in an input is an argument and nothing else.
set -euo pipefail
export QGJOB_SERVER_URL="${INPUT_SERVER_URL:-${QGJOB_SERVER_URL:-}}"
export QGJOB_TOKEN="${INPUT_TOKEN:-${QGJOB_TOKEN:-}}"
# What runs here once: this use of the action in this attempt of this leg of this job. Run again, it finds its run again.
use="${INPUT_STEP:-} ${INPUT_NAME:-} ${INPUT_LEG:-}"
export QGJOB_ATTEMPT="github $GITHUB_REPOSITORY $GITHUB_RUN_ID $GITHUB_RUN_ATTEMPT $GITHUB_JOB $use"
arguments=()
paths=()

# lines TEXT: the lines that say something, without blanks around them, in the array `said`
lines() {
  local line
  said=()
  while IFS= read -r line || [ -n "$line" ]; do
    line="${line#"${line%%[![:space:]]*}"}"
    line="${line%"${line##*[![:space:]]}"}"
    if [ -n "$line" ]; then said+=("$line"); fi
  done <<<"$1"
}

# value OPTION TEXT: one argument, if there is any text
value() { if [ -n "$2" ]; then arguments+=("$1=$2"); fi; }

# each OPTION TEXT: one argument for each line
each() {
  local one
  lines "$2"
  for one in ${said[@]+"${said[@]}"}; do arguments+=("$1=$one"); done
}

# flag OPTION TEXT
flag() {
  case "$2" in
    true) arguments+=("$1") ;;
    false | "") ;;
    *)
      printf '::error title=qgjob%%3A an input is wrong::The input %s is neither true nor false.\n' "${1#--}"
      exit 2
      ;;
  esac
}

# What the newer push takes the place of: the run of the same job for the same branch or pull request. The checksum tells
# apart what is not written out, and what is cut.
supersede_key() {
  local place="$GITHUB_REPOSITORY $GITHUB_WORKFLOW $GITHUB_JOB $GITHUB_REF"
  local sum LC_ALL=C
  sum="$(printf '%s' "$place $use" | cksum | cut -d ' ' -f 1)"
  case "$place" in *[!\ -~]*) place="$GITHUB_REPOSITORY" ;; esac # cut in the middle of a letter it would be none
  printf '%s' "${place:0:180} $sum"
}

value --org-id "${INPUT_ORG_ID:-}"
value --app "${INPUT_APP:-}"
value --app-version-id "${INPUT_APP_VERSION_ID:-}"
value --project-dir "${INPUT_PROJECT_DIR:-}"
value --project "${INPUT_PROJECT:-}"
each --target "${INPUT_TARGET:-}"
each --matrix "${INPUT_MATRIX:-}"
value --grep "${INPUT_GREP:-}"
each --tag "${INPUT_TAG:-}"
value --shard-by "${INPUT_SHARD_BY:-}"
value --priority "${INPUT_PRIORITY:-}"
value --retries "${INPUT_RETRIES:-}"
value --deadline "${INPUT_DEADLINE:-}"
value --timeout "${INPUT_TIMEOUT:-}"
if [ "${INPUT_SUPERSEDE:-}" = ref ]; then INPUT_SUPERSEDE="$(supersede_key)"; fi
value --supersede "${INPUT_SUPERSEDE:-}"
each --report "${INPUT_REPORT:-}"
flag --fail-on-flaky "${INPUT_FAIL_ON_FLAKY:-}"
flag --infra-as-failure "${INPUT_INFRA_AS_FAILURE:-}"
lines "${INPUT_PATHS:-}"
paths=(${said[@]+"${said[@]}"})

# From here on no line is a workflow command, whatever the titles of tests say; until the step ends, since nothing
# that could be printed in it knows the word that would resume them. The runner reads both streams.
word="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
printf '::stop-commands::%s\n' "$word"
printf '::stop-commands::%s\n' "$word" >&2
exec "$RUNNER_TEMP/qgjob-venv/bin/python" -I -m qgjob run --on-signal=cancel --receipt="$RECEIPT" \
  ${arguments[@]+"${arguments[@]}"} -- ${paths[@]+"${paths[@]}"}
