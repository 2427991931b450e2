package api

import (
	"net/http"

	"github.com/relevo/relevo/internal/desk"
)

// setting is what the routes of one kind of settings need to know of it: N the noun, B the body that describes it
// whole.
type setting[N desk.Setting, B describes[N]] struct {
	kind  desk.SettingKind
	find  func(s *desk.Settings, id string) (N, bool)
	gone  func(N) bool
	fresh func(s *Server, who desk.Who, id, clientID string) (N, error) // what a new one has before it is described
	shape func(s *desk.Settings, who desk.Who, n N) any
}

// describes is a body that fills a noun.
type describes[N any] interface {
	describe(noun *N) error
}

// newSetting is the body that creates a noun.
type newSetting[B any] struct {
	ClientID string `json:"client_id"`
	Noun     B      `json:",embed"`
}

// create makes the route that creates a noun, under an id made from the client's: a repeat finds it there, and changes
// nothing.
func (k setting[N, B]) create(s *Server) staffAct {
	return func(r *http.Request, who desk.Who) (answer, error) {
		body, err := decode[newSetting[B]](r)
		if err != nil {
			return answer{}, err
		}
		if err := wantClientID(body.ClientID); err != nil {
			return answer{}, err
		}
		id, err := s.desk.NewSettingID(who, k.kind, body.ClientID)
		if err != nil {
			return answer{}, err
		}
		settings, err := s.desk.Settings(r.Context(), who.Account)
		if err != nil {
			return answer{}, err
		}
		if known, there := k.find(settings, id); there {
			return created(k.shape(settings, who, known)), nil
		}
		n, err := k.fresh(s, who, id, body.ClientID)
		if err != nil {
			return answer{}, err
		}
		if err := body.Noun.describe(&n); err != nil {
			return answer{}, err
		}
		err = s.desk.SaveSetting(r.Context(), who, n)
		if desk.Is(err, desk.Conflict) { // the same request beside this one may have been first
			if settings, err := s.desk.Settings(r.Context(), who.Account); err == nil {
				if known, there := k.find(settings, id); there {
					return created(k.shape(settings, who, known)), nil
				}
			}
		}
		return created(k.shape(settings, who, n)), err
	}
}

// save makes the route that replaces a noun.
func (k setting[N, B]) save(s *Server) staffAct {
	return func(r *http.Request, who desk.Who) (answer, error) {
		settings, n, err := k.found(s, r, who)
		if err != nil {
			return answer{}, err
		}
		body, err := decode[B](r)
		if err != nil {
			return answer{}, err
		}
		if err := body.describe(&n); err != nil {
			return answer{}, err
		}
		err = s.desk.SaveSetting(r.Context(), who, n)
		return ok(k.shape(settings, who, n)), err
	}
}

// get makes the route that reads a noun.
func (k setting[N, B]) get(s *Server) staffAct {
	return func(r *http.Request, who desk.Who) (answer, error) {
		if q := queryOf(r); q.err != nil {
			return answer{}, q.err
		}
		settings, n, err := k.found(s, r, who)
		if err != nil {
			return answer{}, err
		}
		return ok(k.shape(settings, who, n)), nil
	}
}

// found takes the noun of the path.
func (k setting[N, B]) found(s *Server, r *http.Request, who desk.Who) (*desk.Settings, N, error) {
	var none N
	id, err := pathID[string](r, "id")
	if err != nil {
		return nil, none, err
	}
	settings, err := s.desk.Settings(r.Context(), who.Account)
	if err != nil {
		return nil, none, err
	}
	n, there := k.find(settings, id)
	if !there || k.gone(n) {
		return nil, none, &desk.Error{Code: desk.NotFound, Message: "no such " + string(k.kind)}
	}
	return settings, n, nil
}

// remove makes the route that deletes a noun of a kind.
func (s *Server) remove(kind desk.SettingKind) staffAct {
	return func(r *http.Request, who desk.Who) (answer, error) {
		id, err := pathID[string](r, "id")
		if err != nil {
			return answer{}, err
		}
		if err := noBody(r); err != nil {
			return answer{}, err
		}
		return done, s.desk.DeleteSetting(r.Context(), who, kind, id)
	}
}

// bare begins a noun that has nothing but its id before it is described.
func bare[N any](of func(id string) N) func(*Server, desk.Who, string, string) (N, error) {
	return func(_ *Server, _ desk.Who, id, _ string) (N, error) { return of(id), nil }
}

// in looks a noun up in a map of the settings.
func in[K ~string, N any](nouns func(*desk.Settings) map[K]N) func(*desk.Settings, string) (N, bool) {
	return func(s *desk.Settings, id string) (N, bool) {
		n, there := nouns(s)[K(id)]
		return n, there
	}
}

// settingsList makes the route that lists the nouns of a kind, in the order of their ids.
func settingsList[K ~string, N any, S any](s *Server, nouns func(*desk.Settings) map[K]N, gone func(N) bool,
	shape func(*desk.Settings, N) S) staffAct {
	return func(r *http.Request, who desk.Who) (answer, error) {
		q := queryOf(r, "deleted", "cursor", "limit")
		deleted, page := q.flag("deleted"), q.page(settingsPage)
		if q.err != nil {
			return answer{}, q.err
		}
		settings, err := s.desk.Settings(r.Context(), who.Account)
		if err != nil {
			return answer{}, err
		}
		all := []S{}
		for _, n := range desk.Sorted(nouns(settings)) {
			if deleted || !gone(n) {
				all = append(all, shape(settings, n))
			}
		}
		cut, next, err := pageOf(all, page)
		return ok(listing[S]{Items: cut, Cursor: next}), err
	}
}
