#!/usr/bin/env bash
# Runs the contract suites of the deployed desk's adapters against the emulator at an address. Run by make contract.
#
#   localstack/contract.sh http://localhost:4566               # all; those that it has no services for are skipped
#   localstack/contract.sh http://localhost:4566 Queue Timers  # these, with the tests beside them; none may be skipped
set -euo pipefail

cd "$(dirname "$0")/.."
source localstack/within.sh
endpoint=$1
shift
emulator_answers "$endpoint" || exit 1
log=.cache/contract.log
mkdir -p .cache
suites=$(printf '|%s' "$@")
all='' store='Contract$'
if (($#)); then
	all="^Test(${suites#|})" store="^Test(${suites#|})[A-Za-z]*Contract\$"
fi

run() { AWS_ENDPOINT_URL=$endpoint "${GO:-go}" test -count=1 -timeout 15m -v "$@" >>"$log" 2>&1; }

: >"$log"
if ! run -run "$all" ./internal/cloud -rapid.checks=20 || ! run -run "$store" ./internal/store; then
	grep -v '^=== ' "$log" >&2
	exit 1
fi
grep -E '^(--- (PASS|SKIP): Test[A-Za-z]*Contract|ok)' "$log"
for suite in "$@"; do
	grep -q "^--- PASS: Test${suite}Contract " "$log" || {
		echo "contract: the suite $suite was not run on $endpoint: $(grep -h -A 3 "^=== RUN *Test${suite}Contract" "$log" | sed -n 2p)" >&2
		exit 1
	}
done
