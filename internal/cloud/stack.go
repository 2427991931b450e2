package cloud

import (
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"

	"github.com/relevo/relevo/internal/desk"
)

// Stack is the deployed stack of a stage, as CloudFormation and Lambda tell of it. Operators' commands find everything
// by it, so that nobody copies addresses; no function uses it.
type Stack struct {
	Stage   string
	Status  string // CloudFormation's word, such as CREATE_COMPLETE
	client  *Client
	outputs map[string]string
}

// FindStack reads the state and the outputs of relevo-<stage>. Codes: not_found (nothing is deployed there), internal (a
// right is missing), unavailable.
func FindStack(ctx context.Context, client *Client, stage string) (*Stack, error) {
	s := &Stack{Stage: stage, client: client}
	return s, s.describe(ctx, s.name(""))
}

// FindBootstrap reads what `cdk bootstrap` made in the account and region, whose output BootstrapVersion tells how new it
// is. Codes as of [FindStack].
func FindBootstrap(ctx context.Context, client *Client) (*Stack, error) {
	s := &Stack{client: client}
	return s, s.describe(ctx, "CDKToolkit")
}

func (s *Stack) describe(ctx context.Context, name string) error {
	s.outputs = map[string]string{}
	form := url.Values{"Action": {"DescribeStacks"}, "Version": {"2010-05-15"}, "StackName": {name}}
	r := signed{service: "cloudformation", method: http.MethodPost, url: s.client.endpoint("cloudformation") + "/", body: []byte(form.Encode()),
		header: map[string]string{"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}}
	var said struct {
		Status  string `xml:"DescribeStacksResult>Stacks>member>StackStatus"`
		Outputs []struct {
			Key   string `xml:"OutputKey"`
			Value string `xml:"OutputValue"`
		} `xml:"DescribeStacksResult>Stacks>member>Outputs>member"`
	}
	tried := "find the stack " + name
	// CloudFormation says that it knows no such stack as of a request that makes no sense.
	missing := func(_ int, code string) error {
		if code == "ValidationError" {
			return desk.Errorf(desk.NotFound, "there is no stack %s in this account and region", name)
		}
		return nil
	}
	err := repeat(ctx, tried, func(ctx context.Context, _ bool) error {
		answer, err := s.client.send(ctx, r)
		if err != nil {
			if known := meaning(err, missing); known != nil {
				return known
			}
			return err
		}
		defer func() { _ = answer.Body.Close() }()
		body, err := io.ReadAll(io.LimitReader(answer.Body, MaxPayload))
		if err != nil {
			return err
		}
		if err := xml.Unmarshal(body, &said); err != nil || said.Status == "" {
			return desk.Wrap(desk.Internal, cmp.Or(err, errNoStack), tried)
		}
		return nil
	})
	s.Status = said.Status
	for _, output := range said.Outputs {
		s.outputs[output.Key] = output.Value
	}
	return err
}

// errNoStack says that what answered is not CloudFormation.
var errNoStack = errors.New("the answer is none of CloudFormation's")

// name gives the name of a thing of the stage, as infra does.
func (s *Stack) name(of string) string {
	name := "relevo-" + s.Stage
	if of != "" {
		name += "-" + of
	}
	return name
}

// Output gives an output of the stack; "" if it has none of that name.
func (s *Stack) Output(name string) string { return s.outputs[name] }

// Settings reads the environment of a function of the wiring table. Codes: not_found, internal, unavailable.
func (s *Stack) Settings(ctx context.Context, function string) (map[string]string, error) {
	r := signed{service: "lambda", method: http.MethodGet,
		url: s.client.endpoint("lambda") + "/2015-03-31/functions/" + s.name(function) + "/configuration"}
	var said struct {
		Environment struct {
			Variables map[string]string `json:"Variables"`
		} `json:"Environment"`
	}
	err := s.client.call(ctx, "read the settings of "+function, r, &said, func(status int, _ string) error {
		if status == http.StatusNotFound {
			return desk.Errorf(desk.NotFound, "there is no function %s", s.name(function))
		}
		return nil
	})
	return said.Environment.Variables, err
}

// SecretPrefix is the path under which the stage's secrets lie.
func (s *Stack) SecretPrefix() string { return "/relevo/" + s.Stage }
