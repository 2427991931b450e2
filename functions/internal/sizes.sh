#!/usr/bin/env bash
# Prints what each Lambda weighs, unpacked and packed, and fails if one is over its limit. What makes the largest large is
# listed by package. Run by make sizes.
set -euo pipefail

folder=$1 arch=$2
hot=" inbound ingest assign relay live deliver "
over=() largest='' most=0

mib() { awk -v n="$1" 'BEGIN { printf "%6.2f", n / 1048576 }'; }

printf '%-12s %6s %6s %6s\n' function MiB zip limit
for binary in "$folder"/*/bootstrap; do
	name=$(basename "$(dirname "$binary")")
	limit=14
	[[ $hot == *" $name "* ]] && limit=10
	size=$(stat -c %s "$binary")
	printf '%-12s %s %s %6d\n' "$name" "$(mib "$size")" "$(mib "$(gzip -9 -c "$binary" | wc -c)")" "$limit"
	((size <= limit * 1048576)) || over+=("$name")
	if ((size > most)); then
		most=$size largest=$name
	fi
done

echo
echo "What $largest is made of, KiB of code and data by package:"
unstripped=$(mktemp)
trap 'rm -f "$unstripped"' EXIT
CGO_ENABLED=0 GOOS=linux GOARCH=$arch go build -tags lambda.norpc -trimpath -buildvcs=false -o "$unstripped" "./functions/$largest"
go tool nm -size "$unstripped" | awk '$3 ~ /^[TtRrDd]$/ && $2 < 16777216 {
	name = $4; sub(/^type:[.a-z]*/, "", name); sub(/^\*/, "", name)
	cut = match(name, /[^\/]*$/); tail = substr(name, cut); sub(/\..*/, "", tail)
	bytes[substr(name, 1, cut - 1) tail] += $2
} END { for (p in bytes) printf "%8d %s\n", bytes[p] / 1024, p }' | sort -rn | sed -n 1,12p

if ((${#over[@]})); then
	echo "over their limit: ${over[*]}" >&2
	exit 1
fi
