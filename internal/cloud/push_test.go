package cloud_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/desktest"
)

// socketFunction answers every frame with the id of its connection.
const socketFunction = `def answer(event, context):
    return {"statusCode": 200, "body": event["requestContext"]["connectionId"]}
`

// newSocketAPI makes a WebSocket API on the emulator whose answer to a frame is the connection's id, and gives the host
// at which it answers.
func newSocketAPI(t *testing.T) string {
	t.Helper()
	endpoint, name := desktest.Endpoint(t), unique()
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	file, err := z.Create("index.py")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write([]byte(socketFunction)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	create := func(path, service string, in, out any) {
		t.Helper()
		status, body := fetch(t, http.MethodPost, endpoint+path, service, in)
		if status == http.StatusNotImplemented {
			t.Skipf("the emulator has no %s: %s", service, body)
		}
		if status > 299 {
			t.Fatalf("%s: status %d: %s", path, status, body)
		}
		if err := json.Unmarshal(body, out); err != nil {
			t.Fatal(err)
		}
	}
	newRole(t, endpoint, name)
	var function struct{ FunctionArn string }
	create("/2015-03-31/functions", "lambda", map[string]any{"FunctionName": name, "Runtime": "python3.12", "Handler": "index.answer",
		"Role": "arn:aws:iam::000000000000:role/" + name, "Code": map[string]any{"ZipFile": archive.Bytes()}}, &function)
	t.Cleanup(func() {
		r, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodDelete, endpoint+"/2015-03-31/functions/"+name, nil)
		if err != nil {
			t.Fatal(err)
		}
		if answer, err := http.DefaultClient.Do(r); err == nil {
			answer.Body.Close()
		}
	})
	var api struct {
		ID       string `json:"apiId"`
		Endpoint string `json:"apiEndpoint"`
	}
	create("/v2/apis", "apigateway", map[string]any{"name": name, "protocolType": "WEBSOCKET", "routeSelectionExpression": "$request.body.action"}, &api)
	var integration struct {
		ID string `json:"integrationId"`
	}
	create("/v2/apis/"+api.ID+"/integrations", "apigateway", map[string]any{"integrationType": "AWS_PROXY", "integrationUri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/" + function.FunctionArn + "/invocations"}, &integration)
	create("/v2/apis/"+api.ID+"/routes", "apigateway", map[string]any{"routeKey": "$default", "target": "integrations/" + integration.ID}, &struct{}{})
	create("/v2/apis/"+api.ID+"/stages", "apigateway", map[string]any{"stageName": "dev"}, &struct{}{})
	at, err := url.Parse(api.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	return at.Host
}

// atHost leads to the emulator under the host of an API, whose name nobody but AWS can resolve.
func atHost(t *testing.T, host string) string {
	t.Helper()
	endpoint, err := url.Parse(desktest.Endpoint(t))
	if err != nil {
		t.Fatal(err)
	}
	way := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(endpoint); r.Out.Host = host }}
	return serving(t, way.ServeHTTP)
}

// newRole makes a role that may do nothing, as an emulator that enforces roles wants one of every function.
func newRole(t *testing.T, endpoint, name string) {
	t.Helper()
	policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	form := url.Values{"Action": {"CreateRole"}, "Version": {"2010-05-08"}, "RoleName": {name}, "AssumeRolePolicyDocument": {policy}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, endpoint+"/", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("the role was not made: %s", answer.Status)
	}
}

// connect opens a live connection and learns its id.
func connect(t *testing.T, address string) (desk.ConnectionID, <-chan []byte, func()) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	conn, _, err := websocket.Dial(ctx, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	conn.SetReadLimit(1 << 20)
	if err := conn.Write(ctx, websocket.MessageText, []byte(`{}`)); err != nil {
		t.Fatal(err)
	}
	_, id, err := conn.Read(ctx)
	if err != nil {
		t.Fatal(err)
	}
	frames := make(chan []byte, 100)
	go func() {
		defer close(frames)
		for {
			_, frame, err := conn.Read(ctx)
			if err != nil {
				return
			}
			frames <- frame
		}
	}()
	return desk.ConnectionID(id), frames, func() { _ = conn.Close(websocket.StatusNormalClosure, "") }
}

func TestPushContract(t *testing.T) {
	client := emulator(t, "lambda", "apigateway")
	address := atHost(t, newSocketAPI(t)) + "/dev"
	socket := strings.Replace(address, "http", "ws", 1)
	push := cloud.NewPush(client, address)
	desktest.Push(t, func(*testing.T) desktest.PushSubject {
		return desktest.PushSubject{Push: push, Patience: 10 * time.Second,
			Connect: func(t *testing.T) (desk.ConnectionID, <-chan []byte, func()) { t.Helper(); return connect(t, socket) }}
	})
	t.Run("Close", func(t *testing.T) {
		id, frames, end := connect(t, socket)
		defer end()
		if err := push.Close(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		select {
		case _, open := <-frames:
			if open {
				t.Error("a frame came")
			}
		case <-time.After(10 * time.Second):
			t.Error("the connection is still open")
		}
		wantCode(t, push.Close(t.Context(), id), desk.NotFound)
	})
}

func TestPushRefused(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		want   desk.Code
	}{
		"Gone":      {http.StatusGone, desk.NotFound},
		"NoSuchID":  {http.StatusBadRequest, desk.NotFound},
		"TooLarge":  {http.StatusRequestEntityTooLarge, desk.Invalid},
		"Forbidden": {http.StatusForbidden, desk.Internal},
		"NoAPI":     {http.StatusNotFound, desk.Internal},
	} {
		t.Run(name, func(t *testing.T) {
			push := cloud.NewPush(cloud.NewClient(access("http://127.0.0.1:1")), answering(t, c.status, "")+"/dev")
			wantCode(t, push.Send(t.Context(), "abc=", []byte("x")), c.want)
		})
	}
	t.Run("Path", func(t *testing.T) {
		var path string
		address := serving(t, func(_ http.ResponseWriter, r *http.Request) { path = r.URL.EscapedPath() })
		if err := cloud.NewPush(cloud.NewClient(access(address)), address+"/dev").Send(t.Context(), "a/b=", []byte("x")); err != nil || path != "/dev/@connections/a%2Fb%3D" {
			t.Errorf("%s, %v", path, err)
		}
	})
}
