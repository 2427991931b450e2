package cloud

import (
	"context"

	"github.com/relevo/relevo/internal/desk"
)

// Users are those who sign in at a user pool of Cognito, known there by their e-mail address. Only administrators make
// them, so this is for operators' commands.
type Users struct {
	client *Client
	pool   string
}

// NewUsers gives the users of a pool, by its id.
func NewUsers(client *Client, pool string) *Users { return &Users{client, pool} }

// User is one who signs in.
type User struct {
	Subject string // as his tokens name him
	Invited bool   // he has a temporary password and has not signed in yet
}

type cognitoUser struct {
	Status         string             `json:"UserStatus"`
	Attributes     []cognitoAttribute `json:"Attributes"`     // of AdminCreateUser's User
	UserAttributes []cognitoAttribute `json:"UserAttributes"` // of AdminGetUser
}

type cognitoAttribute struct {
	Name  string `json:"Name"`
	Value string `json:"Value"`
}

func (c cognitoUser) user() (User, error) {
	for _, a := range append(c.Attributes, c.UserAttributes...) {
		if a.Name == "sub" {
			return User{Subject: a.Value, Invited: c.Status == "FORCE_CHANGE_PASSWORD"}, nil
		}
	}
	return User{}, desk.Errorf(desk.Internal, "Cognito names no subject of the user")
}

// Find gives the user with an address. Codes: not_found, internal (a right or the pool is missing), limited, unavailable.
func (u *Users) Find(ctx context.Context, email string) (User, error) {
	var found cognitoUser
	if err := u.do(ctx, "find the user", "AdminGetUser", map[string]any{"UserPoolId": u.pool, "Username": email}, &found); err != nil {
		return User{}, err
	}
	return found.user()
}

// Invite makes a user, to whom Cognito mails a temporary password that is good for a week; again mails a new one to a
// user who was invited before. Codes: conflict (he is there already), invalid, not_found (again), and those of Find.
func (u *Users) Invite(ctx context.Context, email string, again bool) (User, error) {
	in := map[string]any{"DesiredDeliveryMediums": []string{"EMAIL"}}
	if again {
		in["MessageAction"] = "RESEND"
	}
	return u.create(ctx, email, in)
}

// Create makes a user with a lasting password and tells him nothing. Codes: those of Invite; invalid if the password is
// too weak for the pool.
func (u *Users) Create(ctx context.Context, email, password string) (User, error) {
	user, err := u.create(ctx, email, map[string]any{"MessageAction": "SUPPRESS"})
	if err != nil {
		return User{}, err
	}
	user.Invited = false
	return user, u.SetPassword(ctx, email, password)
}

func (u *Users) create(ctx context.Context, email string, in map[string]any) (User, error) {
	in["UserPoolId"], in["Username"] = u.pool, email
	in["UserAttributes"] = []cognitoAttribute{{"email", email}, {"email_verified", "true"}}
	var made struct {
		User cognitoUser `json:"User"`
	}
	if err := u.do(ctx, "make the user", "AdminCreateUser", in, &made); err != nil {
		return User{}, err
	}
	return made.User.user()
}

// SetPassword gives a user a lasting password. Codes: invalid (too weak), and those of Find.
func (u *Users) SetPassword(ctx context.Context, email, password string) error {
	in := map[string]any{"UserPoolId": u.pool, "Username": email, "Password": password, "Permanent": true}
	return u.do(ctx, "set the password", "AdminSetUserPassword", in, nil)
}

func (u *Users) do(ctx context.Context, tried, action string, in map[string]any, out any) error {
	r, err := u.client.action("cognito-idp", "1.1", "AWSCognitoIdentityProviderService."+action, in)
	if err != nil {
		return err
	}
	return u.client.call(ctx, tried, r, out, func(_ int, code string) error {
		switch code {
		case "UserNotFoundException":
			return desk.Errorf(desk.NotFound, "the user pool has no such user")
		case "UsernameExistsException":
			return desk.Errorf(desk.Conflict, "the user pool has this user already")
		case "InvalidPasswordException":
			return desk.Errorf(desk.Invalid, "the password is too weak: it needs 12 characters")
		case "InvalidParameterException":
			return desk.Errorf(desk.Invalid, "Cognito refuses the address or the password")
		}
		return nil
	})
}
