package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"

	"github.com/relevo/relevo/internal/config"
)

// advised puts before an error of AWS what to do about it; other errors stay as they are.
func advised(err error) error {
	if errors.Is(err, errUsage) {
		return err
	}
	advice := ""
	if request, ok := errors.AsType[*url.Error](err); ok {
		advice = unreached(request.URL)
	}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		advice = refusedBecause(api)
		if response, ok := errors.AsType[*awshttp.ResponseError](err); ok && advice == "" {
			advice = noAWS(api, response.HTTPStatusCode())
		}
	}
	if advice == "" {
		return err
	}
	return fmt.Errorf("%s (%w)", advice, err)
}

// unreached tells what it means that nothing answers at an address of AWS or of an emulator; "" for other addresses.
func unreached(address string) string {
	endpoint := strings.TrimRight(os.Getenv(config.EnvEndpointURL), "/")
	switch {
	case endpoint != "" && strings.HasPrefix(address, endpoint):
		return "no emulator answers at " + endpoint + ": run make emulator emulator-deploy, or unset " + config.EnvEndpointURL + " to reach AWS itself"
	case strings.Contains(address, ".amazonaws.com"):
		return "AWS does not answer at " + hostIn(address) + ": look at this machine's network, and whether " + config.EnvRegion + " names a region of AWS"
	default:
		return ""
	}
}

func hostIn(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Host
}

// refusedBecause tells what to do about a refusal that has to do with keys and rights; "" for others. The codes are those
// of AWS's "Common Error Types", and of S3 and DynamoDB, which have words of their own.
func refusedBecause(api smithy.APIError) string {
	switch api.ErrorCode() {
	case "ExpiredToken", "ExpiredTokenException", "RequestExpired":
		return "the keys in this shell have expired: sign in to AWS again and take new ones (" + keysOfProfile + ")"
	case "InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "AuthFailure", "MissingAuthenticationToken":
		return "AWS knows no such keys: set " + config.EnvAccessKeyID + ", " + config.EnvSecretAccessKey + " and, with temporary ones, " +
			config.EnvSessionToken + " anew (" + keysOfProfile + ")"
	case "SignatureDoesNotMatch", "InvalidSignatureException":
		return config.EnvSecretAccessKey + " is not the one of " + config.EnvAccessKeyID + ", or this machine's clock is wrong: set the keys anew (" + keysOfProfile + ")"
	case "AccessDenied", "AccessDeniedException", "UnauthorizedOperation":
		return "these keys lack a right that the command needs: use an administrator's, or grant what AWS names"
	case "OptInRequired":
		return "this account may not use the region: enable it in the account's settings, or set another " + config.EnvRegion
	default:
		return ""
	}
}

// noAWS tells that what answers at the emulator's address speaks no AWS: its refusal has no code but the status; "" else.
func noAWS(api smithy.APIError, status int) string {
	endpoint := os.Getenv(config.EnvEndpointURL)
	if endpoint == "" || api.ErrorCode() != http.StatusText(status) {
		return ""
	}
	return "what answers at " + endpoint + " is no emulator of AWS with this service: " + config.EnvEndpointURL + " must be the address that make emulator printed"
}

// keysOfProfile is how keys come into the shell.
const keysOfProfile = `of a profile: eval "$(aws configure export-credentials --format env)"`
