package desktest

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

func (s *shelf) code() desk.OneTimeCode {
	code := desk.OneTimeCode{Visitor: "rosa", Email: "rosa@example.com", Salt: "salt", Hash: s.id(), Expires: s.at(600)}
	s.ok(s.books.PutCode(s.Context(), code))
	return code
}

var codeTests = map[string]func(*shelf){
	"Count/ErrLimited": func(s *shelf) {
		hour := s.start.Truncate(time.Hour)
		rosa, otto := desk.Quota{Of: "rosa@example.com", Most: 5, Within: time.Hour}, desk.Quota{Of: "otto@example.com", Most: 5, Within: time.Hour}
		for range rosa.Most {
			s.ok(s.books.Count(s.Context(), rosa, hour.Add(50*time.Minute)))
		}
		err := s.books.Count(s.Context(), rosa, hour.Add(50*time.Minute))
		s.fails(err, desk.Limited)
		limited, _ := errors.AsType[*desk.Error](err)
		s.same(limited.RetryAfter, 10*time.Minute)
		s.ok(s.books.Count(s.Context(), otto, hour.Add(50*time.Minute)))
		s.ok(s.other().Count(s.Context(), rosa, hour.Add(50*time.Minute)))
		s.ok(s.books.Count(s.Context(), rosa, hour.Add(time.Hour)))
	},
	"TryCode/OK": func(s *shelf) {
		code := s.code()
		got, err := s.books.TryCode(s.Context(), code.Visitor, code.Email, 1)
		s.ok(err)
		s.same(got, code)
		_, err = s.books.TryCode(s.Context(), code.Visitor, code.Email, 1)
		s.fails(err, desk.NotFound)
		newer := s.code() // takes its place, and may be guessed anew
		got, err = s.books.TryCode(s.Context(), code.Visitor, code.Email, 1)
		s.ok(err)
		s.same(got, newer)
	},
	"TryCode/ErrNotFound": func(s *shelf) {
		code := s.code()
		_, err := s.books.TryCode(s.Context(), "otto", code.Email, 5)
		s.fails(err, desk.NotFound)
		_, err = s.books.TryCode(s.Context(), code.Visitor, "otto@example.com", 5)
		s.fails(err, desk.NotFound)
		_, err = s.other().TryCode(s.Context(), code.Visitor, code.Email, 5)
		s.fails(err, desk.NotFound)
	},
	"TryCode/AtOnce": func(s *shelf) {
		code := s.code()
		var guesses atomic.Int32
		var all sync.WaitGroup
		for range 12 {
			all.Go(func() {
				if _, err := s.books.TryCode(s.Context(), code.Visitor, code.Email, 5); err == nil {
					guesses.Add(1)
				} else if !desk.Is(err, desk.NotFound) {
					s.Errorf("got %v", err)
				}
			})
		}
		all.Wait()
		s.same(guesses.Load(), int32(5))
	},
	"SpendCode/Once": func(s *shelf) {
		code := s.code()
		s.fails(s.other().SpendCode(s.Context(), code), desk.NotFound)
		newer := s.code()
		s.fails(s.books.SpendCode(s.Context(), code), desk.NotFound)
		s.ok(s.books.SpendCode(s.Context(), newer))
		s.fails(s.books.SpendCode(s.Context(), newer), desk.NotFound)
		_, err := s.books.TryCode(s.Context(), newer.Visitor, newer.Email, 5)
		s.fails(err, desk.NotFound)
	},
}
