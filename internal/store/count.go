package store

import (
	"context"

	"github.com/relevo/relevo/internal/desk"
)

// readAtOnce is how many rows of queries are read at the same time.
const readAtOnce = 32

// Listed gives the ids in several lists, at most so many of each lane of one: rows only, so that a hundred of them cost
// two units. Nothing tells whether a row lags behind its conversation.
func (b *Books) Listed(ctx context.Context, queries []desk.ListQuery, most int) ([][]desk.ConversationID, error) {
	type job struct {
		list int
		lane lane
		rows []desk.ConversationID
	}
	var jobs []job
	for i, query := range queries {
		l := listing{lanes: b.queueLanes(query)}
		if len(l.lanes) == 0 {
			var err error
			if l, _, err = b.listing(ctx, query); err != nil {
				return nil, err
			}
		}
		for _, lane := range l.lanes {
			jobs = append(jobs, job{list: i, lane: lane})
		}
	}
	for from := 0; from < len(jobs); from += readAtOnce {
		some := jobs[from:min(from+readAtOnce, len(jobs))]
		err := parallel(len(some), func(i int) error {
			lane := some[i].lane
			items, err := atMost(ctx, b.table, Query{Index: lane.index, PK: lane.pk, Prefix: lane.prefix, Backward: true}, most)
			for _, item := range items {
				some[i].rows = append(some[i].rows, desk.ConversationID(lane.row(item).id))
			}
			return err
		})
		if err != nil {
			return nil, desk.Wrap(desk.Internal, err, "counting lists")
		}
	}
	lists := make([][]desk.ConversationID, len(queries))
	for _, job := range jobs {
		lists[job.list] = append(lists[job.list], job.rows...)
	}
	return lists, nil
}
