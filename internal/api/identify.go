package api

import (
	"net/http"

	"github.com/relevo/relevo/internal/desk"
)

// vouchShape is whom a site says its visitor is.
type vouchShape struct {
	UserID string `json:"user_id"`
	Name   string `json:"name"`
	Email  string `json:"email"`
	Hash   string `json:"hash"`
}

func (i *vouchShape) vouched() *desk.VouchedFor {
	if i == nil {
		return nil
	}
	return &desk.VouchedFor{UserID: i.UserID, Name: i.Name, Email: i.Email, Hash: i.Hash}
}

type identitySecret struct {
	Secret string `json:"secret"`
}

// makeIdentitySecret serves POST /v1/settings/inboxes/{id}/identity-secret.
func (s *Server) makeIdentitySecret(r *http.Request, who desk.Who) (answer, error) {
	id, err := pathID[desk.InboxID](r, "id")
	if err != nil {
		return answer{}, err
	}
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	secret, err := s.desk.MakeIdentitySecret(r.Context(), who, id)
	return created(identitySecret{secret}), err
}
