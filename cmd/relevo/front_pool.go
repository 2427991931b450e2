package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
)

// pool makes users of an emulator's user pool, and signs them in.
type pool struct {
	access     config.AWS
	id, client string
	back       string // where the console is, to which the hosted page leads back
}

// emulatorPassword is that of every user of an emulator.
const emulatorPassword = "correct horse battery staple 1"

// user gives the subject of the user with this address, and makes him if he is not there.
func (p pool) user(ctx context.Context, email string) (subject string, err error) {
	var user struct {
		Attributes     []struct{ Name, Value string }
		UserAttributes []struct{ Name, Value string }
		User           struct {
			Attributes []struct{ Name, Value string }
		}
	}
	named := map[string]any{"UserPoolId": p.id, "Username": email}
	if err := p.call(ctx, "AdminGetUser", named, &user); err != nil {
		made := map[string]any{"UserPoolId": p.id, "Username": email, "MessageAction": "SUPPRESS", "UserAttributes": []map[string]string{
			{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"},
		}}
		if err := p.call(ctx, "AdminCreateUser", made, &user); err != nil {
			return "", err
		}
		password := map[string]any{"UserPoolId": p.id, "Username": email, "Password": emulatorPassword, "Permanent": true}
		if err := p.call(ctx, "AdminSetUserPassword", password, nil); err != nil {
			return "", err
		}
	}
	for _, a := range slices.Concat(user.Attributes, user.UserAttributes, user.User.Attributes) {
		if a.Name == "sub" {
			return a.Value, nil
		}
	}
	return "", desk.Errorf(desk.Internal, "the user has no subject")
}

// token signs a user in as the console does: at the hosted page, by authorization code and PKCE.
func (p pool) token(ctx context.Context, email string) (string, error) {
	verifier := rand.Text() + rand.Text()
	sum := sha256.Sum256([]byte(verifier))
	at, err := p.post(ctx, "/login", url.Values{"client_id": {p.client}, "redirect_uri": {p.back}, "scope": {"openid email profile"}, "state": {"s"},
		"response_type": {"code"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
		"username": {email}, "password": {emulatorPassword}})
	if err != nil {
		return "", err
	}
	defer at.Body.Close()
	back, err := at.Location()
	if err != nil || back.Query().Get("code") == "" {
		return "", desk.Errorf(desk.Unauthenticated, "the user pool does not let %s in: %d", email, at.StatusCode)
	}
	answer, err := p.post(ctx, "/oauth2/token", url.Values{"grant_type": {"authorization_code"}, "client_id": {p.client}, "redirect_uri": {p.back},
		"code": {back.Query().Get("code")}, "code_verifier": {verifier}})
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	var token struct {
		Access string `json:"access_token"`
	}
	err = json.NewDecoder(answer.Body).Decode(&token)
	if err == nil && token.Access == "" {
		err = desk.Errorf(desk.Unauthenticated, "the user pool gives no token: %d", answer.StatusCode)
	}
	return token.Access, err
}

// post sends a form to the user pool's pages.
func (p pool) post(ctx context.Context, path string, form url.Values) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.access.EndpointURL+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	stay := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return stay.Do(r)
}

// call does an action of Cognito's.
func (p pool) call(ctx context.Context, action string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.access.EndpointURL+"/", bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService."+action)
	sum := sha256.Sum256(body)
	keys := aws.Credentials{AccessKeyID: p.access.AccessKeyID, SecretAccessKey: p.access.SecretAccessKey}
	if err := v4.NewSigner().SignHTTP(ctx, keys, r, hex.EncodeToString(sum[:]), "cognito-idp", p.access.Region, time.Now()); err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: the emulator answered %d: %s %w", action, answer.StatusCode, raw, err)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(raw, out)
}

// token: POST /dev/token {"email"} gives an access token of a user.
func (f *front) token(w http.ResponseWriter, r *http.Request) {
	f.forUser(w, r, func(email string) (map[string]string, error) {
		token, err := f.pool.token(r.Context(), email)
		return map[string]string{"access_token": token}, err
	})
}

// user: POST /dev/user {"email"} makes a user, if he is not there, and gives his subject.
func (f *front) user(w http.ResponseWriter, r *http.Request) {
	f.forUser(w, r, func(email string) (map[string]string, error) {
		subject, err := f.pool.user(r.Context(), email)
		return map[string]string{"issuer": f.Issuer, "subject": subject}, err
	})
}

func (f *front) forUser(w http.ResponseWriter, r *http.Request, do func(email string) (map[string]string, error)) {
	var want struct {
		Email string `json:"email"`
	}
	err := readJSON(w, r, &want)
	var answer map[string]string
	if err == nil {
		answer, err = do(want.Email)
	}
	if err != nil {
		refuse(w, err, http.StatusBadRequest)
		return
	}
	writeJSON(w, http.StatusOK, answer)
}

// mailbox: GET /mailbox gives every mail that the emulator took, as JSON.
func (f *front) mailbox(w http.ResponseWriter, r *http.Request) {
	mails, err := f.mails(r.Context())
	if err != nil {
		refuse(w, err, http.StatusBadGateway)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"items": mails})
}

// frontMail is a mail as the local desk's mailbox shows it.
type frontMail struct {
	To      string    `json:"to"`
	From    string    `json:"from"`
	Subject string    `json:"subject"`
	Date    time.Time `json:"date"`
	Text    string    `json:"text"`
	HTML    string    `json:"html"`
}

func (f *front) mails(ctx context.Context) ([]frontMail, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, f.access.EndpointURL+"/_ministack/ses/messages", nil)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var log struct {
		Messages map[string][]map[string]any `json:"messages"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&log); err != nil {
		return nil, err
	}
	mails := []frontMail{}
	for _, account := range log.Messages {
		for _, m := range account {
			mails = append(mails, frontMailOf(m))
		}
	}
	return mails, nil
}

// frontMailOf reads one entry of the emulator's log, whose shape differs by the action that the mail came with.
func frontMailOf(m map[string]any) frontMail {
	word := func(names ...string) string {
		for _, name := range names {
			switch v := m[name].(type) {
			case string:
				if v != "" {
					return v
				}
			case []any:
				if len(v) > 0 {
					return strings.Trim(fmt.Sprint(v[0]), "<>")
				}
			}
		}
		return ""
	}
	var date time.Time
	if seconds, ok := m["Timestamp"].(float64); ok {
		date = time.UnixMilli(int64(seconds * 1000)).UTC()
	}
	return frontMail{Date: date, To: word("To", "to", "Destinations", "destinations"), From: word("Source", "source", "From"), Subject: word("Subject", "subject"),
		Text: word("BodyText", "text", "body_text", "Text"), HTML: word("BodyHtml", "html", "body_html", "Html")}
}
