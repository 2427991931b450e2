package cloud_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/desk"
)

// socketEvent is an event as a WebSocket API sends it; more are further members, led by a comma.
func socketEvent(kind, more string) []byte {
	routes := map[string]string{"CONNECT": "$connect", "MESSAGE": "$default", "DISCONNECT": "$disconnect"}
	return []byte(`{"requestContext": {"routeKey": "` + routes[kind] + `", "eventType": "` + kind + `", "extendedRequestId": "R1kn=", "requestTime": "02/Mar/2026:15:00:00 +0000",
	  "messageDirection": "IN", "stage": "prod", "connectedAt": 1772463600000, "requestTimeEpoch": 1772463600001, "messageId": null,
	  "identity": {"userAgent": "Mozilla/5.0", "sourceIp": "203.0.113.7"}, "requestId": "R1knPH17NjMFftw=",
	  "domainName": "live.execute-api.us-east-1.amazonaws.com", "connectionId": "R1kmxc2VNjMCFIA=", "apiId": "live"}, "isBase64Encoded": false` + more + `}`)
}

func TestSocket(t *testing.T) {
	const connection = desk.ConnectionID("R1kmxc2VNjMCFIA=")
	var told []string
	var failure error
	answer := []byte(`{"type":"pong"}`)
	tell := func(id desk.ConnectionID, what ...string) {
		if id != connection {
			t.Errorf("connection %q", id)
		}
		told = append(told, strings.Join(what, " "))
	}
	socket := cloud.Socket{
		Connect: func(_ context.Context, id desk.ConnectionID, ticket, origin string) (desk.Connection, error) {
			tell(id, "connect", ticket, origin)
			return desk.Connection{}, failure
		},
		Receive: func(_ context.Context, id desk.ConnectionID, frame []byte) ([]byte, error) {
			tell(id, "receive", string(frame))
			return answer, failure
		},
		Disconnect: func(_ context.Context, id desk.ConnectionID) error {
			tell(id, "disconnect")
			return failure
		},
		Refuse: func(w http.ResponseWriter, r *http.Request, err error) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusUnauthorized)
			if _, err := w.Write([]byte(r.Header.Get("X-Request-Id") + " " + r.URL.Path + " " + err.Error())); err != nil {
				t.Error(err)
			}
		},
		Close: func(_ context.Context, id desk.ConnectionID) error {
			tell(id, "close")
			return nil
		},
	}
	const handshake = `, "headers": {"Host": "live.execute-api.us-east-1.amazonaws.com", "Origin": "https://desk.example", "Sec-WebSocket-Version": "13"},
	  "multiValueHeaders": {"Origin": ["https://desk.example"]}, "queryStringParameters": {"ticket": "t+1"}, "multiValueQueryStringParameters": {"ticket": ["t+1"]}`
	for name, c := range map[string]struct {
		event   []byte
		failure error
		answer  string // of Receive
		told    string
		want    string
	}{
		"Connect":       {socketEvent("CONNECT", handshake), nil, "", "connect t+1 https://desk.example", `{"statusCode":200}`},
		"ConnectSingle": {socketEvent("CONNECT", `, "queryStringParameters": {"ticket": "t2"}`), nil, "", "connect t2 ", `{"statusCode":200}`},
		"ConnectBare":   {socketEvent("CONNECT", ""), nil, "", "connect  ", `{"statusCode":200}`},
		"ErrUnauthenticated": {socketEvent("CONNECT", handshake), desk.Errorf(desk.Unauthenticated, "used"), "", "connect t+1 https://desk.example",
			`{"statusCode":401,"headers":{"content-type":"application/json"},"body":"R1knPH17NjMFftw /live unauthenticated: used"}`},
		"Frame":       {socketEvent("MESSAGE", `, "body": "{\"type\":\"ping\"}"`), nil, `{"type":"pong"}`, `receive {"type":"ping"}`, `{"statusCode":200,"body":"{\"type\":\"pong\"}"}`},
		"FrameBase64": {socketEvent("MESSAGE", `, "body": "aG9sYQ==", "isBase64Encoded": true`), nil, "", "receive hola", `{"statusCode":200}`},
		"FrameEmpty":  {socketEvent("MESSAGE", ""), nil, "", "receive ", `{"statusCode":200}`},
		"FrameFails":  {socketEvent("MESSAGE", ""), desk.Errorf(desk.Internal, "no"), "sorry", "receive ", `{"statusCode":200,"body":"sorry"}`},
		"FrameCloses": {socketEvent("MESSAGE", ""), desk.Errorf(desk.NotFound, "gone"), "", "receive |close", `{"statusCode":200}`},
		"Disconnect":  {socketEvent("DISCONNECT", `, "headers": {"Host": "x"}`), nil, "", "disconnect", `{"statusCode":200}`},
	} {
		t.Run(name, func(t *testing.T) {
			told, failure, answer = nil, c.failure, nil
			if c.answer != "" {
				answer = []byte(c.answer)
			}
			got, err := cloud.HandleSocket(t.Context(), cloud.Host{Socket: socket}, c.event)
			if err != nil || string(got) != c.want || strings.Join(told, "|") != c.told {
				t.Errorf("got %s, %v, told %q; want %s, %q", got, err, told, c.want, c.told)
			}
		})
	}
	t.Run("ErrOfDisconnect", func(t *testing.T) {
		failure = desk.Errorf(desk.Unavailable, "no")
		_, err := cloud.HandleSocket(t.Context(), cloud.Host{Socket: socket}, socketEvent("DISCONNECT", ""))
		wantCode(t, err, desk.Unavailable)
	})
	t.Run("ErrInvalid", func(t *testing.T) {
		for _, event := range []string{`1`, `{}`, string(socketEvent("PONG", "")), string(socketEvent("MESSAGE", `, "body": "%", "isBase64Encoded": true`))} {
			_, err := cloud.HandleSocket(t.Context(), cloud.Host{Socket: socket}, []byte(event))
			wantCode(t, err, desk.Invalid)
		}
	})
}
