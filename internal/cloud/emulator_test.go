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

// emulator gives the client of an emulator that has the services; the test is skipped if one is missing there.
func emulator(t *testing.T, services ...string) *cloud.Client {
	t.Helper()
	endpoint := desktest.Endpoint(t)
	var health struct {
		Services map[string]string `json:"services"`
	}
	status, body := fetch(t, http.MethodGet, endpoint+"/_localstack/health", "", nil)
	if status != http.StatusOK || json.Unmarshal(body, &health) != nil {
		t.Skipf("the emulator at %s does not say which services it has: it is not one of the whole of AWS", endpoint)
	}
	for _, service := range services {
		if state := health.Services[service]; state != "available" && state != "running" {
			t.Skipf("the emulator at %s has no %s", endpoint, service)
		}
	}
	return cloud.NewClient(access(endpoint))
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
