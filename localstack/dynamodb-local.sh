#!/usr/bin/env bash
# Starts and stops DynamoDB Local, the emulator that counts read and write units as DynamoDB does, in memory, for
# `make contract`. Needs Java 17 and, the first time, Maven; no Docker. What it fetches and where it runs lies under .cache.
#
#   localstack/dynamodb-local.sh start   # prints the endpoint when it answers; harmless if it runs already
#   localstack/dynamodb-local.sh stop
#
# DYNAMODB_LOCAL_PORT chooses another port than 8000.
set -euo pipefail

cd "$(dirname "$0")/.."
port=${DYNAMODB_LOCAL_PORT:-8000}
pom=localstack/dynamodb-local/pom.xml
home=.cache/dynamodb-local
lib=$home/lib
stamp=$home/fetched.pom # the pom that lib was fetched by
pidfile=$home/$port.pid
log=$home/$port.log
endpoint=http://127.0.0.1:$port

say() { echo "dynamodb-local: $*" >&2; }
give_up() {
	say "$*"
	exit 1
}

# alive: whether the process we started is still ours (a pid may have been given to another since).
alive() {
	[[ -f $pidfile ]] && ps -p "$(<"$pidfile")" -o args= 2>/dev/null | grep -q 'dynamodb.services.local.main.ServerRunner'
}

# answers: whether something speaks HTTP on the port.
answers() { curl --silent --output /dev/null --max-time 2 "$endpoint"; }

need_java() {
	command -v java >/dev/null || give_up "needs Java 17 or newer and there is none: install a JRE (Debian: apt-get install openjdk-17-jre-headless)."
	local version
	version=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
	((${version:-0} >= 17)) || give_up "needs Java 17 or newer; this is $(java -version 2>&1 | head -n 1)."
}

fetch() {
	cmp --silent "$pom" "$stamp" && return
	command -v mvn >/dev/null || give_up "needs Maven to fetch it the first time and there is none (Debian: apt-get install maven)."
	say "fetching it with Maven, once"
	mkdir -p "$home"
	rm -rf "$lib" "$stamp"
	mvn --batch-mode --quiet --file "$pom" dependency:copy-dependencies -DincludeScope=runtime \
		-DoutputDirectory="$PWD/$lib" -Dmaven.repo.local="${MAVEN_REPO:-$PWD/.cache/m2}" >"$home/fetch.log" 2>&1 ||
		give_up "Maven could not fetch it (a network or proxy?); its words are in $home/fetch.log."
	cp "$pom" "$stamp"
}

start() {
	if alive; then
		echo "$endpoint"
		return
	fi
	command -v curl >/dev/null || give_up "needs curl and there is none."
	need_java
	if answers; then
		give_up "port $port is taken by something else; choose another: DYNAMODB_LOCAL_PORT=8001 $0 start"
	fi
	fetch
	setsid --fork bash -c 'echo $$ >"$1"; shift; exec "$@"' - "$pidfile" \
		java -Xmx768m -Djava.library.path="$lib" -cp "$lib/*" software.amazon.dynamodb.services.local.main.ServerRunner \
		-inMemory -disableTelemetry -port "$port" >"$log" 2>&1 </dev/null
	for _ in {1..150}; do
		if answers && alive; then
			echo "$endpoint"
			return
		fi
		sleep 0.2
	done
	give_up "did not answer on port $port within 30 s; its words are in $log."
}

stop() {
	if alive; then
		kill "$(<"$pidfile")"
		while alive; do sleep 0.1; done
	fi
	rm -f "$pidfile"
}

case "${1:-}" in
start) start ;;
stop) stop ;;
*) give_up "say start or stop" ;;
esac
