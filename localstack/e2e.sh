#!/usr/bin/env bash
# Runs the scenarios against the stack on the emulator: relevo front stands before it meanwhile. Run by make e2e-deployed,
# after make emulator emulator-deploy.
set -euo pipefail

cd "$(dirname "$0")/.."
source localstack/within.sh
endpoint=${ENDPOINT:-http://localhost:${MINISTACK_PORT:-4566}}
front=${FRONT:-http://127.0.0.1:8090}
log=.cache/cdk/front.log
unset AWS_PROFILE AWS_SESSION_TOKEN
export AWS_ENDPOINT_URL=$endpoint AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1

mkdir -p "$(dirname "$log")"
bin/relevo front -addr "${front#http://}" >"$log" 2>&1 &
pid=$!
trap 'kill $pid 2>/dev/null || true' EXIT
until grep -q 'runs on' "$log"; do
	kill -0 $pid 2>/dev/null || {
		cat "$log" >&2
		exit 1
	}
	sleep 0.1
done
began=$EPOCHREALTIME
# Without what the functions of the emulator read: the scenarios call the desk only.
env -u AWS_ENDPOINT_URL E2E_URL="$front" go test -count=1 -timeout 15m ./e2e "$@" || {
	echo "What the functions had to complain of, the last of it (all: .cache/ministack/*.log):" >&2
	grep -hE '"level":"(WARN|ERROR)"| ERROR |Traceback' .cache/ministack/*.log | tail -n 30 >&2 || true
	exit 1
}
within "the scenarios" 600 "$began"
