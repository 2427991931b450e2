package cloud_test

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/desktest"
)

func TestBlobsContract(t *testing.T) {
	client, bucket := emulator(t, "s3"), unique()
	api := s3.NewFromConfig(client.Config(), func(o *s3.Options) { o.UsePathStyle = true })
	if _, err := api.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &bucket}); err != nil {
		t.Fatal(err)
	}
	desktest.Blobs(t, func(*testing.T) desktest.BlobsSubject {
		return desktest.BlobsSubject{Blobs: cloud.NewBlobs(client, bucket, "", time.Now)}
	})
}

// The browser reaches S3 itself, so addresses and forms are held against AWS's own examples of a bucket's address.
func TestBlobsOnAWS(t *testing.T) {
	client := cloud.NewClient(config.AWS{Region: "eu-west-1", AccessKeyID: "AKID", SecretAccessKey: "secret", SessionToken: "session"})
	at := time.Date(2026, 3, 1, 12, 0, 0, 5e8, time.UTC)
	blobs := cloud.NewBlobs(client, "relevo-dev", "", func() time.Time { return at })
	t.Run("URL", func(t *testing.T) {
		raw, err := blobs.URL(t.Context(), "demo/a b=ñ", "a.png")
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		if u.Host != "relevo-dev.s3.eu-west-1.amazonaws.com" || u.EscapedPath() != "/demo/a%20b%3D%C3%B1" || q.Get("X-Amz-Expires") != "3600" ||
			q.Get("X-Amz-Security-Token") != "session" || q.Get("X-Amz-Signature") == "" || q.Get("response-content-disposition") != "attachment; filename=a.png" {
			t.Errorf("got %s", raw)
		}
	})
	t.Run("UploadForm", func(t *testing.T) {
		form, err := blobs.UploadForm(t.Context(), desk.Blob{Key: "demo/1", Type: "image/png", Size: 10})
		if err != nil {
			t.Fatal(err)
		}
		if form.URL != "https://relevo-dev.s3.eu-west-1.amazonaws.com" || form.Fields["x-amz-security-token"] != "session" ||
			!form.ExpiresAt.Equal(at.Truncate(time.Second).Add(10*time.Minute)) {
			t.Errorf("got %+v", form)
		}
		policy, err := base64.StdEncoding.DecodeString(form.Fields["policy"])
		if err != nil || !strings.Contains(string(policy), `["content-length-range",10,10]`) {
			t.Errorf("the size is not exact: %s, %v", policy, err)
		}
	})
	t.Run("OtherPartition", func(t *testing.T) {
		china := cloud.NewBlobs(cloud.NewClient(config.AWS{Region: "cn-north-1"}), "b", "", time.Now)
		if form, err := china.UploadForm(t.Context(), desk.Blob{Key: "demo/1", Type: "image/png", Size: 1}); err != nil || !strings.HasSuffix(form.URL, ".amazonaws.com.cn") {
			t.Errorf("got %s, %v", form.URL, err)
		}
	})
}

// The example of AWS's manual: "Example: Browser-Based Upload using HTTP POST (Using AWS Signature Version 4)".
func TestUploadFormSignature(t *testing.T) {
	policy := `{ "expiration": "2015-12-30T12:00:00.000Z",` + "\r\n" +
		`  "conditions": [` + "\r\n" +
		`    {"bucket": "sigv4examplebucket"},` + "\r\n" +
		`    ["starts-with", "$key", "user/user1/"],` + "\r\n" +
		`    {"acl": "public-read"},` + "\r\n" +
		`    {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},` + "\r\n" +
		`    ["starts-with", "$Content-Type", "image/"],` + "\r\n" +
		`    {"x-amz-meta-uuid": "14365123651274"},` + "\r\n" +
		`    {"x-amz-server-side-encryption": "AES256"},` + "\r\n" +
		`    ["starts-with", "$x-amz-meta-tag", ""],` + "\r\n" +
		"\r\n" +
		`    {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},` + "\r\n" +
		`    {"x-amz-algorithm": "AWS4-HMAC-SHA256"},` + "\r\n" +
		`    {"x-amz-date": "20151229T000000Z" }` + "\r\n" +
		`  ]` + "\r\n" +
		`}`
	got := cloud.PostSignature("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20151229/us-east-1/s3/aws4_request", base64.StdEncoding.EncodeToString([]byte(policy)))
	if want := "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
