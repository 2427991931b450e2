package api

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/relevo/relevo/internal/desk"
)

// maxBody limits a request's body in bytes: 64 KB of text and of HTML, escaped, and what goes with them.
const maxBody = 256 << 10

// decode reads the body strictly: JSON only, known fields only, each once, right types, valid UTF-8, no null, nothing
// after it. An error names the field.
func decode[T any](r *http.Request) (T, error) {
	var into T
	raw, err := body(r)
	if err != nil {
		return into, err
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return into, &desk.Error{Code: desk.Invalid, Message: "the body is missing"}
	}
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/json" {
		return into, &desk.Error{Code: desk.Invalid, Field: "Content-Type", Message: "want application/json"}
	}
	if !utf8.Valid(raw) {
		return into, &desk.Error{Code: desk.Invalid, Message: "the body is not valid UTF-8"}
	}
	if err := noNulls(raw); err != nil {
		return into, err
	}
	if err := json.Unmarshal(raw, &into, json.RejectUnknownMembers(true)); err != nil {
		return into, malformed(err)
	}
	return into, nil
}

// noBody refuses a body where none is described; an empty object is fine.
func noBody(r *http.Request) error {
	raw, err := body(r)
	if err != nil {
		return err
	}
	if raw = bytes.TrimSpace(raw); len(raw) == 0 {
		return nil
	}
	_, err = decode[struct{}](withBody(r, raw))
	return err
}

func withBody(r *http.Request, raw []byte) *http.Request {
	r.Body = io.NopCloser(bytes.NewReader(raw))
	return r
}

// body reads the request's body, which the door has limited.
func body(r *http.Request) ([]byte, error) {
	raw, err := io.ReadAll(r.Body)
	if tooMuch, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, tooLarge("", "the body is larger than "+strconv.FormatInt(tooMuch.Limit, 10)+" bytes")
	}
	if err != nil {
		return nil, &desk.Error{Code: desk.Invalid, Message: "the body ended early", Cause: err}
	}
	return raw, nil
}

// noNulls finds the first null: absent is how the API says nothing.
func noNulls(raw []byte) error {
	if !bytes.Contains(raw, []byte("null")) {
		return nil
	}
	tokens := jsontext.NewDecoder(bytes.NewReader(raw))
	for {
		token, err := tokens.ReadToken()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return malformed(err)
		case token.Kind() == 'n':
			return desk.InvalidField(fieldOf(tokens.StackPointer()), "is null; leave it out")
		}
	}
}

// malformed says what is wrong with the JSON, in our words: the library's may quote what somebody wrote.
func malformed(err error) error {
	if wrong, ok := errors.AsType[*json.SemanticError](err); ok {
		field := fieldOf(wrong.JSONPointer)
		if errors.Is(wrong, json.ErrUnknownName) {
			return desk.InvalidField(field, "is no field of this request")
		}
		if wrong.GoType != nil && wrong.Err != nil && wrong.GoType.String() == "time.Time" {
			return desk.InvalidField(field, "is no RFC 3339 instant")
		}
		return desk.InvalidField(field, "is of the wrong type")
	}
	if wrong, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		if errors.Is(wrong, jsontext.ErrDuplicateName) {
			return desk.InvalidField(fieldOf(wrong.JSONPointer), "is given twice")
		}
		return &desk.Error{Code: desk.Invalid, Message: "the body is no JSON, from byte " + strconv.FormatInt(wrong.ByteOffset, 10)}
	}
	return &desk.Error{Code: desk.Invalid, Message: "the body ends within the JSON"}
}

// maxField limits the name of an unknown field that we say back.
const maxField = 100

// fieldOf writes a pointer such as /new_ticket/subject as new_ticket.subject.
func fieldOf(p jsontext.Pointer) string {
	var names []string
	for token := range p.Tokens() {
		names = append(names, token)
	}
	name := strings.Join(names, ".")
	if len(name) > maxField {
		name = strings.ToValidUTF8(name[:maxField], "")
	}
	return name
}

// maxID limits ids in characters.
const maxID = 100

// plainID reports whether a text can be an id at all: what could not, never reaches a key of the table.
func plainID(id string) bool {
	if id == "" || len(id) > maxID {
		return false
	}
	for _, c := range []byte(id) {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !letter && !strings.ContainsRune("_-.:@", rune(c)) {
			return false
		}
	}
	return true
}

// pathID takes an id from the path; what cannot be an id is not found.
func pathID[ID ~string](r *http.Request, name string) (ID, error) {
	id := r.PathValue(name)
	if !plainID(id) {
		return "", &desk.Error{Code: desk.NotFound, Message: "no such " + noun(name)}
	}
	return ID(id), nil
}

func noun(name string) string {
	if name == "id" {
		return "thing"
	}
	return name
}

// pathNumber takes a ticket's number from the path.
func pathNumber(r *http.Request) (int64, error) {
	n, err := strconv.ParseInt(r.PathValue("number"), 10, 64)
	if err != nil || n < 1 || strconv.FormatInt(n, 10) != r.PathValue("number") {
		return 0, &desk.Error{Code: desk.NotFound, Message: "no such ticket"}
	}
	return n, nil
}

// wantID checks an id of a body; empty is missing.
func wantID[ID ~string](field string, id ID) error {
	if id == "" {
		return desk.InvalidField(field, "is required")
	}
	return mayID(field, id)
}

// mayID checks an id of a body that may be left out.
func mayID[ID ~string](field string, ids ...ID) error {
	for _, id := range ids {
		if id != "" && !plainID(string(id)) {
			return desk.InvalidField(field, "is no id")
		}
	}
	return nil
}

// wantClientID checks the name that a client gives to what it creates: 1 to 100 visible ASCII characters.
func wantClientID(id string) error {
	if id == "" {
		return desk.InvalidField("client_id", "is required")
	}
	if len(id) > maxID || strings.ContainsFunc(id, func(c rune) bool { return c < '!' || c > '~' }) {
		return desk.InvalidField("client_id", "want at most 100 visible ASCII characters")
	}
	return nil
}
