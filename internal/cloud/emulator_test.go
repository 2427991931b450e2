package cloud_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/desktest"
)

// questions has for each service a request of AWS that reads little and needs nothing to be there: what answers it well has the
// service. Nothing else is asked of an emulator, so the suites run on whatever speaks AWS at the address.
var questions = map[string]struct{ method, path, target, form string }{
	"sqs":         {method: http.MethodPost, target: "AmazonSQS.ListQueues"},
	"ssm":         {method: http.MethodPost, target: "AmazonSSM.DescribeParameters"},
	"cognito-idp": {method: http.MethodPost, target: "AWSCognitoIdentityProviderService.ListUserPools"},
	"ses":         {method: http.MethodPost, form: "Action=GetSendQuota&Version=2010-12-01"},
	"scheduler":   {method: http.MethodGet, path: "schedule-groups"},
	"lambda":      {method: http.MethodGet, path: "2015-03-31/functions/"},
	"apigateway":  {method: http.MethodGet, path: "v2/apis"},
	"s3":          {method: http.MethodGet},
}

// emulator gives the client of an emulator that has the services; the test is skipped if one is missing there.
func emulator(t *testing.T, services ...string) *cloud.Client {
	t.Helper()
	endpoint := desktest.Endpoint(t)
	for _, service := range services {
		ask, known := questions[service]
		if !known {
			t.Fatalf("there is no question to ask of %s", service)
		}
		if status, body := speak(t, ask.method, ask.path, service, ask.target, ask.form); status != http.StatusOK {
			t.Skipf("the emulator at %s has no %s: it answers %d %.100s", endpoint, service, status, body)
		}
	}
	return cloud.NewClient(access(endpoint))
}

// speak sends a request as AWS wants it of a service, with a signature that no emulator looks at.
func speak(t *testing.T, method, path, service, target, form string) (int, []byte) {
	t.Helper()
	body, kind := form, "application/x-www-form-urlencoded"
	if target != "" {
		body, kind = `{"MaxResults":1}`, "application/x-amz-json-1.1"
	}
	if service == "sqs" {
		kind = "application/x-amz-json-1.0"
	}
	r, err := http.NewRequestWithContext(t.Context(), method, strings.TrimRight(desktest.Endpoint(t), "/")+"/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", fmt.Sprintf("AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/%s/aws4_request, SignedHeaders=host, Signature=0", service))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", kind)
	}
	if target != "" {
		r.Header.Set("X-Amz-Target", target)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatalf("no emulator answers at %s (make emulator starts one): %v", desktest.Endpoint(t), err)
	}
	defer answer.Body.Close()
	got, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, got
}

func access(endpoint string) config.AWS {
	return config.AWS{Region: "us-east-1", AccessKeyID: "test", SecretAccessKey: "test", EndpointURL: strings.TrimRight(endpoint, "/")}
}

// fetch sends one request; service is what an unsigned one of the emulator is for.
func fetch(t *testing.T, method, address, service string, in any) (int, []byte) {
	t.Helper()
	var body io.Reader = http.NoBody
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		body = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	if service != "" {
		r.Header.Set("Authorization", fmt.Sprintf("AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/%s/aws4_request, SignedHeaders=host, Signature=0", service))
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	got, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, got
}

// unique begins the names of what a test makes: other tests use the same emulator.
func unique() string { return "t" + strings.ToLower(desk.NewID(time.Now())) }

// act does an action of a service that speaks JSON, of which the product has no client.
func act(t *testing.T, service, target string, in any) []byte {
	t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, desktest.Endpoint(t)+"/", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", fmt.Sprintf("AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/%s/aws4_request, SignedHeaders=host, Signature=0", service))
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", target)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	got, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s %v", target, answer.StatusCode, got, err)
	}
	return got
}
