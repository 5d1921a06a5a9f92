#!/usr/bin/env bash
# Starts a farm in the background of a CI job: a server, virtual devices (two, or as many as asked for) and their agent.
# Says its address as the step's output `server-url`. Everything is in RUNNER_TEMP/qgjob-farm: logs, data, `pids`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder="${RUNNER_TEMP:?}/qgjob-farm"
devices="${1:-2}"
run="${QGJOB_RUN:-./run}"
mkdir -p "$folder"

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# start NAME COMMAND: in the background, beyond the end of this script
start() {
  local name="$1"
  shift
  nohup "$@" >"$folder/$name.log" 2>&1 </dev/null &
  printf '%s\n' "$!" >>"$folder/pids"
}

# wait_until WHAT COMMAND: for five minutes at most; npm brings Appium the first time
wait_until() {
  local what="$1" deadline=$((SECONDS + 300))
  shift
  until "$@"; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      printf 'farm: %s did not happen within five minutes; the logs are in %s\n' "$what" "$folder" >&2
      exit 3
    fi
    sleep 0.5
  done
}

serves() { grep -qs 'qgjob agent serves ' "$folder/agent.log"; }

port="$(free_port)"
url="http://127.0.0.1:$port"
"$run" qgjob --version # sets the environment up, once, before three programs need it
start server "$run" qgjob server --port "$port" --data-dir "$folder/data"
wait_until "the start of the server" "$run" qgjob --server-url "$url" -q health
serials=()
for number in $(seq "$devices"); do
  device="$(free_port)"
  start "device-$number" "$run" virtual-android --port "$device" --name "Virtual Android $number" --model examples/shop/app-model.json
  serials+=(--device "127.0.0.1:$device")
done
start agent "$run" qgjob agent --server "$url" --adb-port "$(free_port)" --state-dir "$folder/agent" "${serials[@]}"
wait_until "the start of the agent" serves
printf 'server-url=%s\n' "$url" >>"${GITHUB_OUTPUT:-/dev/stdout}"
