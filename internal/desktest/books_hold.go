package desktest

import (
	"time"

	"github.com/relevo/relevo/internal/desk"
)

var holdTests = map[string]func(*shelf){
	"Hold/OK": func(s *shelf) {
		held := func(inbox, address string, want bool) {
			got, err := s.books.Held(s.Context(), desk.InboxID(inbox), address)
			s.ok(err)
			if got != want {
				s.Errorf("%s in %s is held: %v, want %v", address, inbox, got, want)
			}
		}
		held("wa", "57#3", false)
		s.ok(s.books.Hold(s.Context(), "wa", "57#3", -time.Minute))
		held("wa", "57#3", false)
		s.ok(s.books.Hold(s.Context(), "wa", "57#3", time.Minute))
		held("wa", "57#3", true)
		held("wa", "57", false)
		held("web", "57#3", false)
		other, err := s.other().Held(s.Context(), "wa", "57#3")
		s.ok(err)
		if other {
			s.Error("another account's address is held")
		}
	},
}
