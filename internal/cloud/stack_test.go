package cloud_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/desk"
)

// described is what CloudFormation answers ("AWS CloudFormation API Reference", DescribeStacks).
const described = `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
<StackName>relevo-dev</StackName><StackStatus>CREATE_COMPLETE</StackStatus><Outputs><member><OutputKey>TableName</OutputKey><OutputValue>relevo-dev-Table1</OutputValue></member>
<member><OutputKey>UserPoolID</OutputKey><OutputValue>eu-west-1_a</OutputValue></member></Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`

func TestFindStack(t *testing.T) {
	address := serving(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/2015-03-31/functions/") {
			if !strings.HasSuffix(r.URL.Path, "/relevo-dev-relay/configuration") || r.Method != http.MethodGet {
				w.WriteHeader(http.StatusNotFound)
				return
			}
			w.Write([]byte(`{"Environment":{"Variables":{"RELEVO_TABLE":"relevo-dev-Table1"}}}`))
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		asked, err := url.ParseQuery(string(body))
		if err != nil || asked.Get("Action") != "DescribeStacks" || asked.Get("StackName") != "relevo-dev" {
			w.WriteHeader(http.StatusBadRequest)
			w.Write([]byte(`<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id relevo-prod does not exist</Message></Error></ErrorResponse>`))
			return
		}
		w.Write([]byte(described))
	})
	client := cloud.NewClient(access(address))
	stack, err := cloud.FindStack(t.Context(), client, "dev")
	if err != nil || stack.Status != "CREATE_COMPLETE" || stack.Output("TableName") != "relevo-dev-Table1" || stack.Output("UserPoolID") != "eu-west-1_a" || stack.Output("none") != "" {
		t.Fatalf("%+v, %v", stack, err)
	}
	t.Run("Settings", func(t *testing.T) {
		got, err := stack.Settings(t.Context(), "relay")
		if err != nil || got["RELEVO_TABLE"] != "relevo-dev-Table1" {
			t.Errorf("%v, %v", got, err)
		}
		_, err = stack.Settings(t.Context(), "none")
		wantCode(t, err, desk.NotFound)
	})
	t.Run("ErrNotFound", func(t *testing.T) {
		_, err := cloud.FindStack(t.Context(), client, "prod")
		wantCode(t, err, desk.NotFound)
		_, err = cloud.FindBootstrap(t.Context(), client)
		wantCode(t, err, desk.NotFound)
	})
	t.Run("ErrInternal/NotCloudFormation", func(t *testing.T) {
		for _, page := range []string{"", "<html><body>a page</body></html>", "no XML"} {
			_, err := cloud.FindStack(t.Context(), cloud.NewClient(access(answering(t, http.StatusOK, page))), "dev")
			wantCode(t, err, desk.Internal)
		}
	})
}
