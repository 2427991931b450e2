package cloud

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// secretsKept is how long a warm function believes what it read: a rotation leaves both values in place for longer.
const secretsKept = 15 * time.Minute

// maxParameter limits a name in the Parameter Store, and its value in the standard tier, in bytes.
const (
	maxParameterName  = 1011
	maxParameterValue = 4096
)

// Secrets lie in the Parameter Store of Systems Manager as SecureString, one parameter a name: <prefix>/<account>/<name>.
// Its value holds the secret's values, one a line, newest first. They are read once by a warm function, and again when
// that is a quarter of an hour ago; while the store fails, what was read before stays good.
type Secrets struct {
	client *Client
	prefix string
	now    func() time.Time

	mu   sync.Mutex
	read map[string]readSecret // by parameter
}

type readSecret struct {
	values []string
	at     time.Time
}

var _ desk.Secrets = (*Secrets)(nil)

// NewSecrets gives the secrets under a prefix such as /relevo/prod.
func NewSecrets(client *Client, prefix string, now func() time.Time) *Secrets {
	return &Secrets{client: client, prefix: prefix, now: now, read: map[string]readSecret{}}
}

// Secret gives the values of a name, newest first. Codes: invalid (account or name), not_found, limited, unavailable,
// internal (a right is missing).
func (s *Secrets) Secret(ctx context.Context, account desk.AccountID, name string) ([]string, error) {
	parameter, err := s.parameter(account, name)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	known, ok := s.read[parameter]
	s.mu.Unlock()
	if ok && s.now().Sub(known.at) < secretsKept {
		return slices.Clone(known.values), nil
	}
	values, err := s.fetch(ctx, parameter, name)
	switch code := desk.CodeOf(err); {
	case err == nil:
		s.keep(parameter, values)
		return slices.Clone(values), nil
	case ok && (code == desk.Unavailable || code == desk.Limited):
		return slices.Clone(known.values), nil
	default:
		return nil, err
	}
}

func (s *Secrets) keep(parameter string, values []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.read[parameter] = readSecret{values, s.now()}
}

func (s *Secrets) fetch(ctx context.Context, parameter, name string) ([]string, error) {
	r, err := s.client.action("ssm", "1.1", "AmazonSSM.GetParameter", map[string]any{"Name": parameter, "WithDecryption": true})
	if err != nil {
		return nil, err
	}
	var answer struct {
		Parameter struct {
			Value string `json:"Value"`
		} `json:"Parameter"`
	}
	err = s.client.call(ctx, "read the secret "+name, r, &answer, func(_ int, code string) error {
		if code == "ParameterNotFound" {
			return desk.Errorf(desk.NotFound, "there is no secret %s", name)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	values := strings.Fields(answer.Parameter.Value)
	if len(values) == 0 {
		return nil, desk.Errorf(desk.NotFound, "the secret %s is empty", name)
	}
	return values, nil
}

// SetSecret replaces the values of a name, newest first; the values have no white space. Other warm functions see it
// within a quarter of an hour. Codes: invalid, limited, unavailable, internal (a right is missing).
func (s *Secrets) SetSecret(ctx context.Context, account desk.AccountID, name string, values ...string) error {
	parameter, err := s.parameter(account, name)
	if err != nil {
		return err
	}
	value := strings.Join(values, "\n")
	if len(values) == 0 || !slices.Equal(strings.Fields(value), values) || len(value) > maxParameterValue {
		return desk.InvalidField("values", "a secret has values of 1 to %d bytes in all, without white space", maxParameterValue)
	}
	r, err := s.client.action("ssm", "1.1", "AmazonSSM.PutParameter",
		map[string]any{"Name": parameter, "Value": value, "Type": "SecureString", "Overwrite": true})
	if err != nil {
		return err
	}
	if err := s.client.call(ctx, "store the secret "+name, r, nil, nil); err != nil {
		return err
	}
	s.keep(parameter, values)
	return nil
}

// RemoveSecret removes a name with its values; none is fine, too. Other warm functions see it within a quarter of an hour.
// Codes: invalid, limited, unavailable, internal (a right is missing).
func (s *Secrets) RemoveSecret(ctx context.Context, account desk.AccountID, name string) error {
	parameter, err := s.parameter(account, name)
	if err != nil {
		return err
	}
	r, err := s.client.action("ssm", "1.1", "AmazonSSM.DeleteParameter", map[string]any{"Name": parameter})
	if err != nil {
		return err
	}
	gone := desk.Errorf(desk.NotFound, "there is no secret %s", name)
	err = s.client.call(ctx, "remove the secret "+name, r, nil, func(_ int, code string) error {
		if code == "ParameterNotFound" {
			return gone
		}
		return nil
	})
	if err != nil && !errors.Is(err, gone) {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.read, parameter)
	return nil
}

// parameter names the parameter of a secret: each part of it has only what the Parameter Store takes.
func (s *Secrets) parameter(account desk.AccountID, name string) (string, error) {
	if !plainPart(string(account)) {
		return "", desk.InvalidField("account", "a secret belongs to an account")
	}
	parts := strings.Split(name, "/")
	full := s.prefix + "/" + string(account) + "/" + name
	if !slices.ContainsFunc(parts, func(part string) bool { return !plainPart(part) }) && len(parts) <= 10 && len(full) <= maxParameterName {
		return full, nil
	}
	return "", desk.InvalidField("name", "a secret's name has letters, digits, dots, dashes and underscores between its slashes")
}

func plainPart(part string) bool {
	return part != "" && !strings.ContainsFunc(part, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("._-", r)
	})
}
