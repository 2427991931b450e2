package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"
)

// stage is the one that localstack/deploy.sh deploys.
const stage = "dev"

// emulator is that of AWS on which the desk runs, for scenarios that turn what only its operator can.
type emulator struct{ endpoint string }

// anEmulator is the one that E2E_EMULATOR names: localstack/e2e.sh says it.
func anEmulator(t *testing.T) *emulator {
	t.Helper()
	endpoint := os.Getenv("E2E_EMULATOR")
	if endpoint == "" {
		t.Skip("needs a desk on an emulator of AWS that nobody else uses: make e2e-deployed")
	}
	return &emulator{endpoint}
}

// rolesAreEnforced tells whether a function without a right is refused.
func (e *emulator) rolesAreEnforced(t *testing.T) bool {
	t.Helper()
	var health struct{ Auth string }
	e.call(t, http.MethodGet, "/_ministack/health", nil, nil, &health)
	return health.Auth == "enabled"
}

// forbid takes a right from a function, until the test ends or the function that it gives is called.
func (e *emulator) forbid(t *testing.T, function, action string) (undo func()) {
	t.Helper()
	var of struct{ Role string }
	e.call(t, http.MethodGet, "/2015-03-31/functions/relevo-"+stage+"-"+function+"/configuration", signedFor("lambda"), nil, &of)
	iam := func(act string, more url.Values) {
		more.Set("Action", act)
		more.Set("Version", "2010-05-08")
		more.Set("RoleName", of.Role[strings.LastIndexByte(of.Role, '/')+1:])
		more.Set("PolicyName", "e2e-forbids")
		header := signedFor("iam")
		header.Set("Content-Type", "application/x-www-form-urlencoded")
		e.call(t, http.MethodPost, "/", header, []byte(more.Encode()), nil)
	}
	taken := true
	undo = func() {
		if taken {
			taken = false
			iam("DeleteRolePolicy", url.Values{})
		}
	}
	t.Cleanup(undo)
	iam("PutRolePolicy", url.Values{"PolicyDocument": {`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"` + action + `","Resource":"*"}]}`}})
	return undo
}

// sqs calls an action of SQS.
func (e *emulator) sqs(t *testing.T, action string, in, out any) {
	t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	header := signedFor("sqs")
	header.Set("Content-Type", "application/x-amz-json-1.0")
	header.Set("X-Amz-Target", "AmazonSQS."+action)
	e.call(t, http.MethodPost, "/", header, body, out)
}

// signedFor is the header of a call: an emulator reads whose it is and looks at no signature.
func signedFor(service string) http.Header {
	return http.Header{"Authorization": {"AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/" + service + "/aws4_request, SignedHeaders=host, Signature=x"}}
}

// call calls the emulator, also while the test cleans up.
func (e *emulator) call(t *testing.T, method, path string, header http.Header, body []byte, out any) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, e.endpoint+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if header != nil {
		request.Header = header
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("the emulator answers %s %s with %s: %s %v", method, path, answer.Status, raw, err)
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal(raw, out); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
}
