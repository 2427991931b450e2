# Sourced by the scripts beside it.

# within WHAT MOST BEGAN tells how long something took that began at $EPOCHREALTIME = BEGAN, and says so loudly if that is
# more than MOST seconds. CI fails then; a machine that has more to do at the moment only hears of it.
within() {
	local took
	took=$(awk -v a="${3/,/.}" -v b="${EPOCHREALTIME/,/.}" 'BEGIN { printf "%.1f", b - a }')
	if awk -v took="$took" -v most="$2" 'BEGIN { exit took > most }'; then
		echo "$1 took $took s of at most $2 s"
		return
	fi
	echo "TOO SLOW: $1 took $took s, and at most $2 s are meant" >&2
	[[ -z ${CI:-} ]]
}
