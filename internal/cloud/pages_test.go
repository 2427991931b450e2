package cloud_test

import (
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/desk"
)

func TestPages(t *testing.T) {
	kept := map[string]string{} // path -> type, Cache-Control and content
	address := serving(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodPut:
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			kept[r.URL.Path] = r.Header.Get("Content-Type") + " " + r.Header.Get("Cache-Control") + " " + string(body)
		case http.MethodDelete:
			delete(kept, r.URL.Path)
			w.WriteHeader(http.StatusNoContent)
		case http.MethodGet: // two pages of a list, as in "ListObjectsV2", Amazon S3 API Reference
			key, more := "index.html", "<IsTruncated>true</IsTruncated><NextContinuationToken>a+b/c=</NextContinuationToken>"
			if r.URL.Query().Get("continuation-token") == "a+b/c=" {
				key, more = "assets/a&amp;b.js", "<IsTruncated>false</IsTruncated>"
			}
			w.Write([]byte(`<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Contents><Key>` +
				key + `</Key><LastModified>2026-03-02T15:00:00.000Z</LastModified></Contents>` + more + `</ListBucketResult>`))
		}
	})
	pages := cloud.NewPages(cloud.NewClient(access(address)), "pages")
	t.Run("OK", func(t *testing.T) {
		page := cloud.Page{Key: "widget/index.html", Type: "text/html; charset=utf-8", Keep: "no-cache", Body: []byte("hola")}
		if err := pages.Put(t.Context(), page); err != nil {
			t.Fatal(err)
		}
		if got := kept["/pages/widget/index.html"]; got != "text/html; charset=utf-8 no-cache hola" {
			t.Errorf("kept %q", got)
		}
		if err := pages.Delete(t.Context(), page.Key); err != nil || len(kept) != 0 {
			t.Errorf("%v, %v", kept, err)
		}
	})
	t.Run("List", func(t *testing.T) {
		at := time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
		got, err := pages.List(t.Context())
		if diff := cmp.Diff(map[string]time.Time{"index.html": at, "assets/a&b.js": at}, got); diff != "" || err != nil {
			t.Errorf("%v\n%s", err, diff)
		}
	})
	t.Run("ErrForbidden", func(t *testing.T) {
		refused := cloud.NewPages(cloud.NewClient(access(answering(t, http.StatusForbidden, "<Error><Code>AccessDenied</Code></Error>"))), "pages")
		wantCode(t, refused.Put(t.Context(), cloud.Page{Key: "index.html"}), desk.Internal)
	})
}

// TestPagesContract: the bucket of an emulator takes, lists and forgets.
func TestPagesContract(t *testing.T) {
	client, bucket := emulator(t, "s3"), unique()
	api := s3.NewFromConfig(client.Config(), func(o *s3.Options) { o.UsePathStyle = true })
	if _, err := api.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &bucket}); err != nil {
		t.Fatal(err)
	}
	pages := cloud.NewPages(client, bucket)
	for _, key := range []string{"index.html", "assets/a b+ñ.js"} {
		if err := pages.Put(t.Context(), cloud.Page{Key: key, Type: "text/html", Keep: "no-cache", Body: []byte("hola")}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := pages.Get(t.Context(), "assets/a b+ñ.js")
	if err != nil || got.Type != "text/html" || got.Keep != "no-cache" || string(got.Body) != "hola" {
		t.Errorf("%+v, %v", got, err)
	}
	_, err = pages.Get(t.Context(), "none.html")
	wantCode(t, err, desk.NotFound)
	if err := pages.Delete(t.Context(), "index.html"); err != nil {
		t.Fatal(err)
	}
	if err := pages.Delete(t.Context(), "index.html"); err != nil {
		t.Errorf("a second time: %v", err)
	}
	all, err := pages.List(t.Context())
	if err != nil || len(all) != 1 || time.Since(all["assets/a b+ñ.js"]).Abs() > time.Hour {
		t.Errorf("%v, %v", all, err)
	}
}
