package cloud

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
)

// Client reaches AWS for the adapters of one function. Making it costs nothing: connections come with the first call.
//
// Only the table uses a client of the SDK. SQS, Scheduler, S3, SES, the Parameter Store and API Gateway's management API
// are called here by plain requests, with the SDK's signer, connections and error shapes: its clients of these make a
// function several MiB larger, of which the desk uses a dozen operations. docs/decisions/0007 has the figures.
type Client struct {
	access config.AWS
	signer *v4.Signer
	http   *awshttp.BuildableClient
}

// NewClient makes a client with the credentials given: those of a function stay the same as long as it is warm.
func NewClient(access config.AWS) *Client {
	return &Client{access: access, http: awshttp.NewBuildableClient(),
		signer: v4.NewSigner()}
}

// Config is for the clients of the SDK.
func (c *Client) Config() aws.Config {
	cfg := aws.Config{Region: c.access.Region, HTTPClient: c.http,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return c.credentials(), nil })}
	if c.access.EndpointURL != "" {
		cfg.BaseEndpoint = &c.access.EndpointURL
	}
	return cfg
}

// Table gives the table of that name.
func (c *Client) Table(name string) *Table { return NewTable(dynamodb.NewFromConfig(c.Config()), name) }

func (c *Client) credentials() aws.Credentials {
	return aws.Credentials{AccessKeyID: c.access.AccessKeyID, SecretAccessKey: c.access.SecretAccessKey, SessionToken: c.access.SessionToken}
}

// endpoint is where a service answers: its address in the region, or the emulator.
func (c *Client) endpoint(service string) string {
	if c.access.EndpointURL != "" {
		return c.access.EndpointURL
	}
	return "https://" + service + "." + c.access.Region + "." + dnsSuffix(c.access.Region)
}

// dnsSuffix is that of the partition in which a region lies.
func dnsSuffix(region string) string {
	if strings.HasPrefix(region, "cn-") {
		return "amazonaws.com.cn"
	}
	return "amazonaws.com"
}

// signed is one request to a service, to be signed.
type signed struct {
	service string // as signatures name it
	method  string
	url     string
	header  map[string]string
	body    []byte
}

// send signs a request and sends it once. The caller closes the body of the answer; an answer that is no success is an
// error, shaped as the SDK's, so that one judge tells which of them are worth a repeat.
func (c *Client) send(ctx context.Context, r signed) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, r.url, bytes.NewReader(r.body))
	if err != nil {
		return nil, &smithy.SerializationError{Err: err}
	}
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	sum := sha256.Sum256(r.body)
	hash := hex.EncodeToString(sum[:])
	var options []func(*v4.SignerOptions)
	if r.service == "s3" {
		req.Header.Set("X-Amz-Content-Sha256", hash)
		options = append(options, plainPath)
	}
	if err := c.signer.SignHTTP(ctx, c.credentials(), req, hash, r.service, c.access.Region, time.Now().UTC(), options...); err != nil {
		return nil, &smithy.SerializationError{Err: err}
	}
	answer, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode > 299 {
		return nil, refusal(answer)
	}
	return answer, nil
}

// plainPath signs the path as it is sent: S3 wants that, other services one that is escaped once more.
func plainPath(o *v4.SignerOptions) { o.DisableURIPathEscaping = true }

// refusal reads an answer that is no success, and closes it.
func refusal(answer *http.Response) error {
	body, err := io.ReadAll(io.LimitReader(answer.Body, 64<<10))
	_ = answer.Body.Close() // it was read as far as it matters
	var said struct {
		Type    string `json:"__type"`
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	if err != nil || json.Unmarshal(body, &said) != nil { // S3 and SES answer in XML, a broken gateway in anything
		said.Code, said.Message = element(body, "Code"), element(body, "Message")
	}
	code := answer.Header.Get("X-Amzn-Errortype")
	for _, other := range []string{said.Type, said.Code, http.StatusText(answer.StatusCode)} {
		if code == "" {
			code = other
		}
	}
	code, _, _ = strings.Cut(code, ":")
	code = code[strings.LastIndexByte(code, '#')+1:]
	return &awshttp.ResponseError{RequestID: answer.Header.Get("X-Amzn-Requestid"), ResponseError: &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: answer}, Err: &smithy.GenericAPIError{Code: code, Message: said.Message}}}
}

// element gives the text of the first element of that name in a small piece of XML; "" for none.
func element(xml []byte, name string) string {
	_, rest, _ := strings.Cut(string(xml), "<"+name+">")
	text, _, found := strings.Cut(rest, "</"+name+">")
	if !found {
		return ""
	}
	return text
}

// call sends a request until it succeeds or fails for good (see [repeat]), and reads the JSON of the answer into out
// unless that is nil. refused, unless nil, gives the refusals that mean something their error; nil for those that don't.
func (c *Client) call(ctx context.Context, tried string, r signed, out any, refused func(status int, code string) error) error {
	return repeat(ctx, tried, func(ctx context.Context, _ bool) error {
		answer, err := c.send(ctx, r)
		if err != nil {
			if known := meaning(err, refused); known != nil {
				return known
			}
			return err
		}
		defer func() { _ = answer.Body.Close() }()
		body, err := io.ReadAll(io.LimitReader(answer.Body, MaxPayload))
		if err != nil || out == nil {
			return err
		}
		return desk.Wrap(desk.Internal, json.Unmarshal(body, out), tried+": the answer is no JSON")
	})
}

// meaning asks refused about an error.
func meaning(err error, refused func(status int, code string) error) error {
	response, ok := errors.AsType[*awshttp.ResponseError](err)
	if !ok || refused == nil {
		return nil
	}
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return nil
	}
	return refused(response.HTTPStatusCode(), api.ErrorCode())
}

// action makes a request of the services that speak JSON to one address, and name what is to be done in a header.
func (c *Client) action(service, version, target string, in any) (signed, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return signed{}, desk.Wrap(desk.Internal, err, "encode a request to "+service)
	}
	return signed{service: service, method: http.MethodPost, url: c.endpoint(service) + "/", body: body,
		header: map[string]string{"Content-Type": "application/x-amz-json-" + version, "X-Amz-Target": target}}, nil
}
