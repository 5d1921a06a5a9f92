#!/usr/bin/env bash
# Makes the Python environment of the action in the runner's own temporary folder, once per job: exactly what
# locks/runtime.txt names, by hash, and this checkout itself.
set -euo pipefail
action="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
venv="$RUNNER_TEMP/qgjob-venv"
stamp="$venv/.installed"

# stop CODE STATUS SENTENCE
stop() {
  printf '### ⚠️ qgjob: nothing was run\n\n%s\n' "$3" >>"$GITHUB_STEP_SUMMARY"
  printf 'status=%s\n' "$2" >>"$GITHUB_OUTPUT"
  printf '::error title=qgjob%%3A it cannot be installed::%s\n' "$3"
  exit "$1"
}

find_python() {
  local candidate
  for candidate in "${INPUT_PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
    if [ -n "$candidate" ] && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s' "$candidate"
      return
    fi
  done
  return 1
}

wanted() {
  printf '%s\n' "$action"
  cat "$action/locks/runtime.txt"
}

if [ -f "$stamp" ] && wanted | cmp -s - "$stamp"; then exit 0; fi
python="$(find_python)" || stop 2 configuration_error \
  "Python 3.11 or newer is not on PATH: set it up before this action, or name one with the input python."
rm -rf "$venv"
"$python" -m venv "$venv" || stop 2 configuration_error "Python's venv module failed: the lines above say why."
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$action/locks/runtime.txt" ||
  stop 3 infrastructure_error "pip could not install locks/runtime.txt: the lines above say why. Is the package index reachable?"
printf '%s\n' "$action/src" >"$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/qgjob-farm.pth"
wanted >"$stamp"
