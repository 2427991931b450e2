package api

import (
	"net/http"
	"strings"

	"github.com/relevo/relevo/internal/desk"
)

// staffAct is a route of agents and bots, visitorAct one of customers.
type (
	staffAct   func(r *http.Request, who desk.Who) (answer, error)
	visitorAct func(r *http.Request, v desk.Visitor) (answer, error)
)

// staff makes a route for whoever signs in, or brings a bot's token.
func (s *Server) staff(act staffAct) http.Handler {
	return s.anyone(func(r *http.Request) (answer, error) {
		who, err := s.who(r)
		if err != nil {
			return answer{}, err
		}
		return act(r, who)
	})
}

// people makes a route for those who sign in: a bot sees nothing beyond the conversations of its inbox.
func (s *Server) people(act staffAct) http.Handler {
	return s.staff(func(r *http.Request, who desk.Who) (answer, error) {
		if who.Agent == "" {
			return answer{}, &desk.Error{Code: desk.Forbidden, Message: "this is for people, not for bots"}
		}
		return act(r, who)
	})
}

// administrator makes a route of the settings. The rule stands in desk; here it also guards what is only read, and
// comes before the request is looked at.
func (s *Server) administrator(act staffAct) http.Handler {
	return s.staff(func(r *http.Request, who desk.Who) (answer, error) {
		if who.Role != desk.Administrator {
			return answer{}, &desk.Error{Code: desk.Forbidden, Field: "role", Message: "only an administrator sees and changes settings"}
		}
		return act(r, who)
	})
}

// visitor makes a route for a customer, from a site where the inbox may be embedded, and not more often than the limit.
func (s *Server) visitor(limit *Limiter, act visitorAct) http.Handler {
	return s.anyone(func(r *http.Request) (answer, error) {
		token, err := bearer(r)
		if err != nil {
			return answer{}, err
		}
		v, err := s.Visitors.Visitor(r.Context(), token)
		if err != nil {
			return answer{}, err
		}
		if err := limited(limit, string(v.Account)+"/"+string(v.Contact)); err != nil {
			return answer{}, err
		}
		if r.Header.Get("Origin") != "" {
			settings, err := s.desk.Settings(r.Context(), v.Account)
			if err != nil {
				return answer{}, err
			}
			if err := s.admits(r, settings.Inboxes[v.Inbox]); err != nil {
				return answer{}, err
			}
		}
		return act(r, v)
	})
}

// anyone makes a route without asking who it is.
func (s *Server) anyone(act func(r *http.Request) (answer, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, err := act(r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		s.respond(w, r, a)
	})
}

func limited(limit *Limiter, key string) error {
	if wait, ok := limit.Allow(key); !ok {
		return &desk.Error{Code: desk.Limited, Message: "too many requests; slow down", RetryAfter: wait}
	}
	return nil
}

// bearer takes the token of a request.
func bearer(r *http.Request) (string, error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", unauthenticated("want a bearer token")
	}
	return token, nil
}

// who finds the member of staff or the bot. An access token is a JWT, with two dots; a bot's token has none.
func (s *Server) who(r *http.Request) (desk.Who, error) {
	token, err := bearer(r)
	if err != nil {
		return desk.Who{}, err
	}
	if !strings.Contains(token, ".") {
		return s.desk.BotByToken(r.Context(), token)
	}
	issuer, subject, err := s.Verify(r.Context(), token)
	if err != nil {
		return desk.Who{}, err
	}
	return s.desk.Staff(r.Context(), issuer, subject)
}

// mustWork refuses a viewer where no rule of desk does.
func mustWork(who desk.Who) error {
	if !who.Role.Works() {
		return &desk.Error{Code: desk.Forbidden, Message: "a viewer changes nothing"}
	}
	return nil
}
