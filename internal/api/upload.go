package api

import (
	"errors"
	"net/http"

	"github.com/relevo/relevo/internal/desk"
)

type newUpload struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
}

type uploadForm struct {
	Key       string            `json:"key"`
	URL       string            `json:"url"`
	Fields    map[string]string `json:"fields"`
	ExpiresAt string            `json:"expires_at"`
}

// form answers with a form for one file of the owner.
func (s *Server) form(r *http.Request, account desk.AccountID, owner string) (answer, error) {
	body, err := decode[newUpload](r)
	if err != nil {
		return answer{}, err
	}
	key, form, err := s.desk.UploadForm(r.Context(), account, owner, body.Name, body.Type, body.Size)
	if blamed, is := errors.AsType[*desk.Error](err); is && blamed.Field == "size" && body.Size > 0 {
		return answer{}, tooLarge("size", blamed.Message)
	}
	if err != nil {
		return answer{}, err
	}
	fields := form.Fields
	if fields == nil {
		fields = map[string]string{}
	}
	return created(uploadForm{key, form.URL, fields, stamp(form.ExpiresAt)}), nil
}

// upload serves POST /v1/uploads (B26).
func (s *Server) upload(r *http.Request, who desk.Who) (answer, error) {
	if err := mustWork(who); err != nil {
		return answer{}, err
	}
	return s.form(r, who.Account, who.Actor.ID)
}

// visitorUpload serves POST /widget/v1/uploads.
func (s *Server) visitorUpload(r *http.Request, v desk.Visitor) (answer, error) {
	return s.form(r, v.Account, string(v.Contact))
}
