package api

import (
	"net/http"

	"github.com/relevo/relevo/internal/desk"
)

type contactShape struct {
	ID         desk.ContactID  `json:"id"`
	Name       string          `json:"name"`
	Email      string          `json:"email,omitzero"`
	Phone      string          `json:"phone,omitzero"`
	Language   string          `json:"language,omitzero"`
	Page       string          `json:"page,omitzero"`
	Identities []identityShape `json:"identities"`
	CreatedAt  string          `json:"created_at"`
}

type identityShape struct {
	Inbox   desk.InboxID `json:"inbox"`
	Address string       `json:"address"`
}

func contactOf(c desk.Contact) contactShape {
	return contactShape{
		ID: c.ID, Name: c.Name, Email: c.Email, Phone: c.Phone, Language: c.Language, Page: c.Page, CreatedAt: stamp(c.CreatedAt),
		Identities: shapes(c.Identities, func(i desk.Identity) identityShape { return identityShape{i.Inbox, i.Address} }),
	}
}

// contacts serves GET /v1/contacts.
func (s *Server) contacts(r *http.Request, who desk.Who) (answer, error) {
	q := queryOf(r, "cursor", "limit", "q")
	page := q.page(listPage)
	text, search := q.values.Get("q"), q.values.Has("q")
	if search && page.After != "" {
		q.fault("cursor", "what is found has one page")
	}
	if q.err != nil {
		return answer{}, q.err
	}
	if search {
		found, err := s.desk.SearchContacts(r.Context(), who, text, page.Limit)
		return ok(listOf(found, "", contactOf)), err
	}
	found, next, err := s.desk.Contacts(r.Context(), who, page)
	return ok(listOf(found, next, contactOf)), err
}

// contactPatch is what may be changed of a contact; what is absent stays.
type contactPatch struct {
	Name     *string `json:"name"`
	Email    *string `json:"email"`
	Phone    *string `json:"phone"`
	Language *string `json:"language"`
}

func (p contactPatch) empty() bool { return p == contactPatch{} }

func (p contactPatch) apply(c *desk.Contact) {
	put(&c.Name, p.Name)
	put(&c.Email, p.Email)
	put(&c.Phone, p.Phone)
	put(&c.Language, p.Language)
}

func put[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

// nothing refuses a patch that changes nothing.
func nothing() error {
	return &desk.Error{Code: desk.Invalid, Message: "give at least one field to change"}
}

// createContact serves POST /v1/contacts.
func (s *Server) createContact(r *http.Request, who desk.Who) (answer, error) {
	body, err := decode[struct {
		ClientID string `json:"client_id"`
		Name     string `json:"name"`
		Email    string `json:"email"`
		Phone    string `json:"phone"`
		Language string `json:"language"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if err := wantClientID(body.ClientID); err != nil {
		return answer{}, err
	}
	c, err := s.desk.CreateContact(r.Context(), who, body.ClientID,
		desk.Contact{Name: body.Name, Email: body.Email, Phone: body.Phone, Language: body.Language})
	return created(contactOf(c)), err
}

// contact serves GET /v1/contacts/{id}.
func (s *Server) contact(r *http.Request, who desk.Who) (answer, error) {
	id, err := pathID[desk.ContactID](r, "id")
	if err != nil {
		return answer{}, err
	}
	if q := queryOf(r); q.err != nil {
		return answer{}, q.err
	}
	c, err := s.desk.Contact(r.Context(), who, id)
	return ok(contactOf(c)), err
}

// updateContact serves PATCH /v1/contacts/{id}.
func (s *Server) updateContact(r *http.Request, who desk.Who) (answer, error) {
	id, err := pathID[desk.ContactID](r, "id")
	if err != nil {
		return answer{}, err
	}
	body, err := decode[contactPatch](r)
	if err != nil {
		return answer{}, err
	}
	if body.empty() {
		return answer{}, nothing()
	}
	c, err := s.desk.UpdateContact(r.Context(), who, id, body.apply)
	return ok(contactOf(c)), err
}

// mergeContacts serves POST /v1/contacts/{id}/merge.
func (s *Server) mergeContacts(r *http.Request, who desk.Who) (answer, error) {
	id, err := pathID[desk.ContactID](r, "id")
	if err != nil {
		return answer{}, err
	}
	body, err := decode[struct {
		Contact desk.ContactID `json:"contact"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if err := wantID("contact", body.Contact); err != nil {
		return answer{}, err
	}
	c, err := s.desk.MergeContacts(r.Context(), who, id, body.Contact)
	return ok(contactOf(c)), err
}

// conversationsOf serves GET /v1/contacts/{id}/conversations (B22).
func (s *Server) conversationsOf(r *http.Request, who desk.Who) (answer, error) {
	id, err := pathID[desk.ContactID](r, "id")
	if err != nil {
		return answer{}, err
	}
	q := queryOf(r, "cursor", "limit")
	page := q.page(listPage)
	if q.err != nil {
		return answer{}, q.err
	}
	found, next, err := s.desk.ConversationsOf(r.Context(), who, id, page)
	return ok(listOf(found, next, conversationFor(who))), err
}
