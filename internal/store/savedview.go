package store

import (
	"context"
	"slices"
	"strings"

	"github.com/relevo/relevo/internal/desk"
)

const viewPrefix = "VIEW#"

// savedViewForm: n name · a author · s shared · v st d i l p o the filter's view, status, department, inbox, label,
// priority and order; the id is in the key.
func savedViewForm(f *form, v *desk.SavedView) {
	text(f, "n", &v.Name)
	text(f, "a", &v.Author)
	flag(f, "s", &v.Shared)
	text(f, "v", &v.Filter.View)
	text(f, "st", &v.Filter.Status)
	text(f, "d", &v.Filter.Department)
	text(f, "i", &v.Filter.Inbox)
	text(f, "l", &v.Filter.Label)
	text(f, "p", &v.Filter.Priority)
	text(f, "o", &v.Filter.Sort)
	ticketViewForm(f, &v.Filter.Tickets)
}

// ticketViewForm: t… of a view of tickets: ts status · tq requester · tr responsible · tp priority · tv service · tc category ·
// ty type · tg tag · tx text · to order · tb by · tk as a board · tl columns.
func ticketViewForm(f *form, v *desk.TicketView) {
	text(f, "ts", &v.Status)
	text(f, "tq", &v.Requester)
	text(f, "tr", &v.Responsible)
	text(f, "tp", &v.Priority)
	text(f, "tv", &v.Service)
	text(f, "tc", &v.Category)
	text(f, "ty", &v.Type)
	text(f, "tg", &v.Tag)
	text(f, "tx", &v.Text)
	text(f, "to", &v.Sort)
	text(f, "tb", &v.By)
	flag(f, "tk", &v.Board)
	text(f, "tl", &v.Columns)
}

func decodeSavedView(item Item) (desk.SavedView, error) {
	v, err := decode(item, savedViewForm)
	v.ID = desk.SavedViewID(last(keyOf(item).SK))
	return v, err
}

// viewsPK holds the views that all share.
func (b *Books) viewsPK() string { return b.pk("VIEWS") }

func (b *Books) savedViewKey(v desk.SavedView) Key {
	pk := b.viewsPK()
	if !v.Shared {
		pk = b.agentPK(v.Author)
	}
	return Key{PK: pk, SK: viewPrefix + string(v.ID)}
}

// SavedViews reads an agent's own views and the shared ones: two queries at once.
func (b *Books) SavedViews(ctx context.Context, agent desk.AgentID) ([]desk.SavedView, error) {
	found := make([][]Item, 2)
	err := parallel(len(found), func(i int) (err error) {
		pk := []string{b.viewsPK(), b.agentPK(agent)}[i]
		found[i], err = all(ctx, b.table, Query{PK: pk, Prefix: viewPrefix, Limit: 2 * desk.MaxSavedViews, Consistent: true})
		return err
	})
	if err != nil {
		return nil, desk.Wrap(desk.Internal, err, "reading the saved views")
	}
	var views []desk.SavedView
	for _, item := range slices.Concat(found...) {
		v, err := decodeSavedView(item)
		if err != nil {
			return nil, err
		}
		views = append(views, v)
	}
	slices.SortFunc(views, func(a, b desk.SavedView) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return views, nil
}

// SavedView reads a shared view or one of the agent's own, at either of its two places.
func (b *Books) SavedView(ctx context.Context, agent desk.AgentID, id desk.SavedViewID) (desk.SavedView, error) {
	keys := []Key{
		b.savedViewKey(desk.SavedView{ID: id, Shared: true}),
		b.savedViewKey(desk.SavedView{ID: id, Author: agent}),
	}
	found, err := b.table.BatchGet(ctx, keys, true)
	if err != nil {
		return desk.SavedView{}, desk.Wrap(desk.Internal, err, "reading a saved view")
	}
	for _, key := range keys {
		if item, ok := found[key]; ok {
			return decodeSavedView(item)
		}
	}
	return desk.SavedView{}, desk.Errorf(desk.NotFound, "no such view")
}

// SaveView creates a view (was nil), or replaces one, which then lies where it belongs.
func (b *Books) SaveView(ctx context.Context, was *desk.SavedView, now desk.SavedView) error {
	var p plan
	put := Op{Kind: Put, Key: b.savedViewKey(now), Item: encode(now, savedViewForm)}
	switch {
	case was == nil:
		put.If = []Condition{{Attr: "n", Test: Absent}}
		p.add(put, "the view exists")
	case b.savedViewKey(*was) == put.Key:
		put.If = []Condition{{Attr: "n", Test: Exists}}
		p.must(put, "view", "")
	default:
		p.must(Op{Kind: Delete, Key: b.savedViewKey(*was), If: []Condition{{Attr: "n", Test: Exists}}}, "view", "")
		p.add(put, "")
	}
	return p.write(ctx, b.table, "saving a view")
}

// DeleteView deletes a view; harmless to repeat.
func (b *Books) DeleteView(ctx context.Context, v desk.SavedView) error {
	err := b.table.Write(ctx, Op{Kind: Delete, Key: b.savedViewKey(v)})
	return desk.Wrap(desk.Internal, err, "deleting a view")
}
