package store

import (
	"encoding/binary"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/desk"
)

// The attributes of the clocks: their account, and the contract's id if it cannot be packed into it.
const (
	clocksName   = "g"
	contractName = "gc"
)

// packedContract marks the first byte of an account in which the contract's id follows.
const packedContract = 1 << 7

// clocks keeps the account of the clocks of a case in one binary: a conversation shall stay below 1 KiB, and as
// attributes of their own these figures take three times as much. First a byte of what was told, then the contract's id if
// that byte says so, then varints, of which those at the end that are zero are left out: since, worked, the wait, worked
// of it, and the instants that passed. Spans are milliseconds; instants are milliseconds since the beginning of the case,
// one more so that zero is none.
func clocks(f *form, began time.Time, v *desk.Clocks) {
	id, packed := pack(string(v.Contract))
	if f.read || !packed {
		text(f, contractName, &v.Contract)
	} else {
		f.names = append(f.names, contractName)
	}
	if !f.read {
		value := packClocks(began, id, *v)
		f.put(clocksName, len(value) > 1 || value[0] != 0, &types.AttributeValueMemberB{Value: value})
		return
	}
	a, ok := stored[*types.AttributeValueMemberB](f, clocksName)
	if ok && !unpackClocks(began, a.Value, v) {
		f.fail(clocksName, errors.New("is no account of clocks"))
	}
}

// figures lists what follows the contract, in its order; set takes it back.
func figures(began time.Time, v *desk.Clocks, set bool, values *[7]int64) {
	if began.IsZero() {
		began = time.UnixMilli(0).UTC()
	}
	at := func(i int, t *time.Time) {
		switch {
		case !set && !t.IsZero():
			ms := t.Sub(began).Milliseconds()
			if ms >= 0 {
				ms++
			}
			values[i] = ms
		case set && values[i] != 0:
			ms := values[i]
			if ms > 0 {
				ms--
			}
			*t = began.Add(time.Duration(ms) * time.Millisecond)
		}
	}
	span := func(i int, d *time.Duration) {
		if set {
			*d = time.Duration(values[i]) * time.Millisecond
		} else {
			values[i] = d.Milliseconds()
		}
	}
	at(0, &v.Since)
	span(1, &v.Worked)
	at(2, &v.NextFor)
	span(3, &v.NextWorked)
	for i := range v.Passed {
		at(4+i, &v.Passed[i])
	}
}

func packClocks(began time.Time, id []byte, v desk.Clocks) []byte {
	first := byte(v.Told) &^ packedContract
	if len(id) == packedBytes {
		first |= packedContract
	} else {
		id = nil
	}
	value := append([]byte{first}, id...)
	var values [7]int64
	figures(began, &v, false, &values)
	last := len(values)
	for last > 0 && values[last-1] == 0 {
		last--
	}
	for _, n := range values[:last] {
		value = binary.AppendVarint(value, n)
	}
	return value
}

func unpackClocks(began time.Time, value []byte, v *desk.Clocks) bool {
	if len(value) == 0 {
		return false
	}
	v.Told = desk.Told(value[0] &^ packedContract)
	rest := value[1:]
	if value[0]&packedContract != 0 {
		if len(rest) < packedBytes {
			return false
		}
		v.Contract = desk.ContractID(placeText.EncodeToString(rest[:packedBytes]))
		rest = rest[packedBytes:]
	}
	var values [7]int64
	for i := 0; len(rest) > 0; i++ {
		n, read := binary.Varint(rest)
		if read <= 0 || i == len(values) {
			return false
		}
		values[i], rest = n, rest[read:]
	}
	figures(began, v, true, &values)
	return true
}
