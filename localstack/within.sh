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
