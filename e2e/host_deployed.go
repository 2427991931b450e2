package e2e

import (
	"context"
	"fmt"
	"net/http"
)

// Deployed is a desk on an emulator of AWS, behind `relevo front`, which shows phone and mails as the local desk does.
// Its agents sign in at a user pool, which gives them subjects of its own.
type Deployed struct{ Local }

var _ Host = Deployed{}

// Reach finds out which kind of desk is at an address.
func Reach(ctx context.Context, address string) (Host, error) {
	local := NewLocal(address)
	var settings struct {
		OwnIssuer bool `json:"own_issuer"`
	}
	if err := local.client.Do(ctx, http.MethodGet, "/config.json", nil, &settings); err != nil {
		return nil, fmt.Errorf("no desk at %s: %w", address, err)
	}
	if settings.OwnIssuer {
		return local, nil
	}
	return Deployed{local}, nil
}

// SignIn implements [Host] with POST /dev/user.
func (d Deployed) SignIn(ctx context.Context, email string) (issuer, subject string, err error) {
	var user struct{ Issuer, Subject string }
	if err := d.client.Do(ctx, http.MethodPost, "/dev/user", map[string]string{"email": email}, &user); err != nil {
		return "", "", fmt.Errorf("user of %s: %w", email, err)
	}
	return user.Issuer, user.Subject, nil
}
