package local

import (
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/store"
)

// What DynamoDB charges. Sources: the developer guide's pages "DynamoDB item sizes and formats" (sizes) and "DynamoDB
// read and write operations" (units), and DynamoDB Local 3.3.1 where the guide says "approximately" (numbers).

const (
	writeStep  = 1 << 10
	readStep   = 4 << 10
	pageBytes  = 1 << 20 // a query's page ends with the item that reaches it
	nestedBase = 3       // overhead of a list or map
	nestedEach = 1       // and of each of its elements
)

// itemSize is the sum of the names and values of all attributes, keys included, in bytes.
func itemSize(item store.Item) int {
	n := 0
	for name, v := range item {
		n += len(name) + valueSize(v)
	}
	return n
}

func valueSize(v types.AttributeValue) int {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return len(v.Value)
	case *types.AttributeValueMemberN:
		return numberSize(v.Value)
	case *types.AttributeValueMemberB:
		return len(v.Value)
	case *types.AttributeValueMemberSS:
		return sumSizes(v.Value, func(s string) int { return len(s) })
	case *types.AttributeValueMemberNS:
		return sumSizes(v.Value, numberSize)
	case *types.AttributeValueMemberBS:
		return sumSizes(v.Value, func(b []byte) int { return len(b) })
	case *types.AttributeValueMemberL:
		return nestedBase + sumSizes(v.Value, func(e types.AttributeValue) int { return nestedEach + valueSize(e) })
	case *types.AttributeValueMemberM:
		return nestedBase + nestedEach*len(v.Value) + itemSize(v.Value)
	default: // BOOL and NULL
		return 1
	}
}

func sumSizes[T any](values []T, size func(T) int) int {
	n := 0
	for _, v := range values {
		n += size(v)
	}
	return n
}

// numberSize is one byte for each pair of decimal digits, counted from the decimal point and without leading and
// trailing zeros, one more, and one more for a minus. The text was accepted by parseDecimal before.
func numberSize(text string) int {
	d, err := parseDecimal(text)
	if err != nil || d.digits == "" {
		return 1
	}
	n := (len(d.digits)+d.point&1+1)/2 + 1
	if d.negative {
		n++
	}
	return n
}

// readUnits is what reading bytes at once costs; nothing found costs the minimum.
func readUnits(bytes int, consistent bool) float64 {
	units := float64(max(1, steps(bytes, readStep)))
	if consistent {
		return units
	}
	return units / 2
}

// writeUnits is what writing an item costs outside a transaction, from its sizes before and after.
func writeUnits(before, after int) float64 {
	return float64(max(1, steps(max(before, after), writeStep)))
}

func steps(bytes, step int) int { return (bytes + step - 1) / step }

// indexUnits is what the change of an item costs in the index: its entry holds keys only, so it costs nothing while
// they stay; one that moves is removed and put.
func indexUnits(before, after entry) float64 {
	if before == after {
		return 0
	}
	units := 0.0
	for _, e := range []entry{before, after} {
		if e.in {
			units += writeUnits(e.size(), 0)
		}
	}
	return units
}
