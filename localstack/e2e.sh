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

emulator_answers "$endpoint" || exit 1
[[ -f .cache/cdk/outputs.json ]] || {
	echo "Nothing was deployed to the emulator from here: run make emulator-deploy first." >&2
	exit 1
}
if [[ ${1:-} == look ]]; then
	exit # asked before anything is built
fi
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
scenarios() { env -u AWS_ENDPOINT_URL E2E_URL="$front" E2E_EMULATOR="$endpoint" go test -count=1 -timeout 15m ./e2e "$@"; }
# One way through the console, in a browser that signs in at the user pool's own page.
browser() {
	if ! [[ -d web/node_modules/playwright-core ]] || ! node -e 'import("./web/widget/flows/desk.mjs").then((m) => process.exit(m.chromium ? 0 : 1))'; then
		echo "No Chromium or Chrome is here (CHROMIUM names one), or no make web before: nobody signed in with a browser." >&2
		[[ -z ${CI:-} ]]
		return
	fi
	local walk=(node --test --test-reporter=spec web/console/e2e/deployed.mjs)
	# A machine of CI may stand still for seconds: what fails twice is broken.
	RELEVO_DESK=$front "${walk[@]}" || { echo "AGAIN web/console/e2e/deployed.mjs" && RELEVO_DESK=$front "${walk[@]}"; }
}
# With words for go test, these scenarios alone.
{ scenarios "$@" && { (($#)) || browser; }; } || {
	echo "What the functions had to complain of, the last of it (all: .cache/ministack/*.log):" >&2
	grep -hE '"level":"(WARN|ERROR)"| ERROR |Traceback' .cache/ministack/*.log | tail -n 30 >&2 || true
	exit 1
}
within "the scenarios" 600 "$began"
