#!/usr/bin/env bash
# Starts and stops MiniStack, the emulator of AWS on which the whole stack deploys without Docker. Needs Python 3.10 with
# pip and venv, and curl. What it fetches and where it runs lies under .cache; nothing outlives a stop.
#
#   localstack/ministack.sh start   # fetches it once, prints the endpoint when it answers; harmless if it runs already
#   localstack/ministack.sh wait    # waits until it answers
#   localstack/ministack.sh stop
#
# MINISTACK_PORT chooses another port than 4566. MINISTACK_AUTH=true makes it enforce the roles of IAM.
# MINISTACK_SMTP=host:port forwards the mail that it takes.
set -euo pipefail

cd "$(dirname "$0")/.."
port=${MINISTACK_PORT:-4566}
pins=localstack/requirements.txt
home=$PWD/.cache/ministack
venv=$home/venv
stamp=$home/fetched.txt # the pins that venv was made by
pidfile=$home/$port.pid
log=$home/$port.log
endpoint=http://localhost:$port

say() { echo "ministack: $*" >&2; }
give_up() {
	say "$*"
	exit 1
}

# alive: whether the process we started is still ours (a pid may have been given to another since).
alive() {
	[[ -f $pidfile ]] && ps -p "$(<"$pidfile")" -o args= 2>/dev/null | grep -q "$venv"
}

answers() { curl --silent --fail --output /dev/null --max-time 2 "http://127.0.0.1:$port/_ministack/health"; }

# taken: whether something listens on the port.
taken() { (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }

fetch() {
	cmp --silent "$pins" "$stamp" && [[ -x $venv/bin/ministack ]] && return
	command -v python3 >/dev/null || give_up "needs Python 3.10 or newer and there is none (Debian: apt-get install python3 python3-venv)."
	python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' || give_up "needs Python 3.10 or newer; this is $(python3 --version)."
	say "fetching it with pip, once"
	rm -rf "$venv"
	mkdir -p "$home"
	python3 -m venv "$venv" >"$home/fetch.log" 2>&1 || give_up "Python's venv is missing (Debian: apt-get install python3-venv); its words are in $home/fetch.log."
	"$venv/bin/python" -m pip install --disable-pip-version-check --requirement "$pins" >>"$home/fetch.log" 2>&1 ||
		give_up "pip could not fetch it (a network or proxy?); its words are in $home/fetch.log."
	cp "$pins" "$stamp"
}

await() {
	for _ in {1..150}; do
		if answers && alive; then
			echo "$endpoint"
			return
		fi
		sleep 0.2
	done
	give_up "did not answer on port $port within 30 s; its words are in $log."
}

start() {
	command -v curl >/dev/null || give_up "needs curl and there is none."
	if alive; then
		await
		return
	fi
	if taken; then
		give_up "port $port is taken by something else; choose another for all commands: MINISTACK_PORT=4567 make emulator"
	fi
	fetch
	mkdir -p "$home/tmp"
	# The credentials are those that functions get, so that they call back; no real ones may leak into it.
	env -u AWS_PROFILE -u AWS_SESSION_TOKEN GATEWAY_PORT="$port" BIND_HOST=127.0.0.1 AWS_ENDPOINT_URL="$endpoint" IOT_MTLS_ENABLED=0 \
		AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 \
		AUTH="${MINISTACK_AUTH:-false}" SMTP_HOST="${MINISTACK_SMTP:-}" TMPDIR="$home/tmp" \
		setsid --fork bash -c 'echo $$ >"$1"; shift; exec "$@"' - "$pidfile" "$venv/bin/python" "$venv/bin/ministack" >"$log" 2>&1 </dev/null
	await
}

stop() {
	if ! alive; then
		rm -f "$pidfile"
		return
	fi
	local pid
	pid=$(<"$pidfile")
	kill "$pid"
	for _ in {1..50}; do
		alive || break
		sleep 0.1
	done
	if alive; then
		kill -9 "$pid"
	fi
	rm -rf "$pidfile" "$home/tmp"
}

case ${1:-} in
start) start ;;
wait) await ;;
stop) stop ;;
*) give_up "usage: $0 start|wait|stop" ;;
esac
