package store

import (
	"context"
	"sync"
)

// Cost is what calls to the table cost, by DynamoDB's published rules: a write unit per started KiB of the larger of
// the item before and after, one more per index entry removed or put, all doubled in a transaction, failed conditions
// billed; half a read unit per started 4 KiB, doubled for a consistent read.
type Cost struct {
	Read  float64
	Write float64
	Calls int
}

// Meter adds up the cost of the calls made under its context. It is safe concurrently.
type Meter struct {
	mu   sync.Mutex
	cost Cost
}

type meterKey struct{}

// WithMeter gives a context whose table calls are counted.
func WithMeter(ctx context.Context) (context.Context, *Meter) {
	m := &Meter{}
	return context.WithValue(ctx, meterKey{}, m), m
}

// Cost gives what was counted so far.
func (m *Meter) Cost() Cost {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.cost
}

// Charge adds the cost of one call to the context's meter, if it has one; drivers call it.
func Charge(ctx context.Context, read, write float64) {
	m, ok := ctx.Value(meterKey{}).(*Meter)
	if !ok {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cost.Read += read
	m.cost.Write += write
	m.cost.Calls++
}
