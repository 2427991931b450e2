package desktest

import (
	"time"

	"github.com/relevo/relevo/internal/desk"
)

var mailTests = map[string]func(*shelf){
	"MarkAddress/OK": func(s *shelf) {
		mark := desk.AddressMark{Address: "a@example.com", Reason: "550 no such user", At: s.start}
		s.ok(s.books.MarkAddress(s.Context(), mark))
		got, err := s.books.AddressMark(s.Context(), mark.Address)
		s.ok(err)
		s.same(got, mark)
		later := desk.AddressMark{Address: mark.Address, Complaint: true, At: s.start.Add(time.Hour)}
		s.ok(s.books.MarkAddress(s.Context(), later))
		got, err = s.books.AddressMark(s.Context(), mark.Address)
		s.ok(err)
		s.same(got, later)
	},
	"AddressMark/ErrNotFound": func(s *shelf) {
		s.ok(s.other().MarkAddress(s.Context(), desk.AddressMark{Address: "a@example.com", At: s.start}))
		_, err := s.books.AddressMark(s.Context(), "a@example.com")
		s.fails(err, desk.NotFound)
	},
}
