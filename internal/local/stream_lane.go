package local

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// work delivers the records of one lane.
func (s *Stream) work(ctx context.Context, lane <-chan record, handle Handler) {
	for {
		select {
		case <-ctx.Done():
			return
		case r := <-lane:
			s.deliver(ctx, collect(lane, r), handle)
		}
	}
}

// collect adds what lies ready in the lane to a batch.
func collect(lane <-chan record, first record) []record {
	batch := []record{first}
	for len(batch) < batchSize {
		select {
		case r := <-lane:
			batch = append(batch, r)
		default:
			return batch
		}
	}
	return batch
}

func (s *Stream) deliver(ctx context.Context, batch []record, handle Handler) {
	if len(batch) > 1 && call(ctx, batch, handle) == nil {
		s.finish(batch...)
		return
	}
	for _, r := range batch {
		if !s.deliverOne(ctx, r, handle) {
			return
		}
	}
}

// deliverOne repeats one record until it is handled or buried; false if ctx ended before.
func (s *Stream) deliverOne(ctx context.Context, r record, handle Handler) bool {
	pause := firstPause
	for failures := 1; ; failures++ {
		err := call(ctx, []record{r}, handle)
		if err == nil {
			s.finish(r)
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		slog.WarnContext(ctx, "change not handled", "change", r.change.ID, "failures", failures, "error", err)
		if failures >= maxFailures && s.bury(ctx, r, err) {
			s.finish(r)
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(pause):
		}
		pause = min(2*pause, longestPause)
	}
}

func (s *Stream) bury(ctx context.Context, r record, failure error) bool {
	body, err := changeJSON(r.change)
	if err == nil {
		err = s.file.bury(streamQueue, r.change.ID, body, failure.Error())
	}
	if err != nil {
		slog.ErrorContext(ctx, "change not buried", "change", r.change.ID, "error", err)
	}
	return err == nil
}

// call runs the handler; its panic is a failure like any other, so that one record cannot stop the desk for ever.
func call(ctx context.Context, batch []record, handle Handler) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = desk.Wrap(desk.Internal, fmt.Errorf("%v\n%s", p, debug.Stack()), "the handler of changes panicked")
		}
	}()
	changes := make([]store.Change, len(batch))
	for i, r := range batch {
		changes[i] = r.change
	}
	return handle(ctx, changes)
}
