# Sourced by the scripts beside it.

# within WHAT MOST BEGAN tells how long something took that began at $EPOCHREALTIME = BEGAN, and says so loudly if that is
# more than MOST seconds. With STRICT=1 that is a failure; without, a machine that has much else to do holds up no change.
within() {
	local took load
	took=$(awk -v a="${3/,/.}" -v b="${EPOCHREALTIME/,/.}" 'BEGIN { printf "%.1f", b - a }')
	if awk -v took="$took" -v most="$2" 'BEGIN { exit took > most }'; then
		echo "$1 took $took s, at most $2 s are meant"
		return
	fi
	load=$(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null || echo 0)
	echo "TOO SLOW: $1 took $took s, at most $2 s are meant (load $load on $(nproc) cores)" >&2
	[[ -z ${STRICT:-} ]]
}

# emulator_answers AT says with a sentence that nothing, or no emulator of AWS, answers at an address.
emulator_answers() {
	command -v curl >/dev/null || {
		echo "This needs curl, and there is none (Debian: apt-get install curl)." >&2
		return 1
	}
	[[ $1 == http://* || $1 == https://* ]] || {
		echo "The address of the emulator is $1: it must begin with http://, such as http://localhost:4566." >&2
		return 1
	}
	curl --silent --output /dev/null --max-time 5 "$1" || {
		echo "No emulator answers at $1: run make emulator first (MINISTACK_PORT chooses its port, alike for all commands)." >&2
		return 1
	}
}
