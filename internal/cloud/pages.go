package cloud

import (
	"context"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/smithy-go/encoding/httpbinding"

	"github.com/relevo/relevo/internal/desk"
)

// Pages are the files of console and widget in the bucket that CloudFront reads. An operator's command puts them there;
// no function uses them.
type Pages struct {
	client  *Client
	address string // of the bucket
}

// Page is one file as browsers get it.
type Page struct {
	Key  string // its path, without a slash in front
	Type string // media type
	Keep string // Cache-Control
	Body []byte
}

// NewPages gives the files in a bucket.
func NewPages(client *Client, bucket string) *Pages {
	return &Pages{client: client, address: client.bucket(bucket)}
}

// bucket gives the address of a bucket of S3.
func (c *Client) bucket(name string) string {
	if c.access.EndpointURL != "" {
		return c.access.EndpointURL + "/" + name
	}
	return "https://" + name + ".s3." + c.access.Region + "." + dnsSuffix(c.access.Region)
}

// Put stores a page in place of one with the same key; a repeat is harmless. Codes: limited, unavailable, internal (a
// right or the bucket is missing).
func (p *Pages) Put(ctx context.Context, page Page) error {
	return p.do(ctx, "store the page "+page.Key, signed{method: http.MethodPut, url: p.url(page.Key), body: page.Body,
		header: map[string]string{"Content-Type": page.Type, "Cache-Control": page.Keep}}, nil)
}

// Get reads a page. Codes: not_found, and as of Put.
func (p *Pages) Get(ctx context.Context, key string) (Page, error) {
	page := Page{Key: key}
	err := repeat(ctx, "read the page "+key, func(ctx context.Context, _ bool) error {
		answer, err := p.client.send(ctx, signed{service: "s3", method: http.MethodGet, url: p.url(key)})
		if err != nil {
			return absentOr(err)
		}
		defer func() { _ = answer.Body.Close() }()
		page.Type, page.Keep = answer.Header.Get("Content-Type"), answer.Header.Get("Cache-Control")
		page.Body, err = io.ReadAll(io.LimitReader(answer.Body, maxPut))
		return err
	})
	return page, err
}

// Delete removes a page; that it is not there is no error. Codes as of Put.
func (p *Pages) Delete(ctx context.Context, key string) error {
	return p.do(ctx, "remove the page "+key, signed{method: http.MethodDelete, url: p.url(key)}, nil)
}

// List gives the key of every page with the instant at which it was put. Codes as of Put.
func (p *Pages) List(ctx context.Context) (map[string]time.Time, error) {
	all := map[string]time.Time{}
	query := url.Values{"list-type": {"2"}}
	for {
		var said struct {
			Contents []struct {
				Key          string
				LastModified time.Time
			}
			IsTruncated           bool
			NextContinuationToken string
		}
		if err := p.do(ctx, "list the pages", signed{method: http.MethodGet, url: p.address + "?" + query.Encode()}, &said); err != nil {
			return nil, err
		}
		for _, object := range said.Contents {
			all[object.Key] = object.LastModified
		}
		if !said.IsTruncated {
			return all, nil
		}
		query.Set("continuation-token", said.NextContinuationToken)
	}
}

func (p *Pages) url(key string) string { return p.address + "/" + httpbinding.EscapePath(key, false) }

// do sends a request until it succeeds or fails for good, and reads the XML of the answer into out unless that is nil.
func (p *Pages) do(ctx context.Context, tried string, r signed, out any) error {
	r.service = "s3"
	return repeat(ctx, tried, func(ctx context.Context, _ bool) error {
		answer, err := p.client.send(ctx, r)
		if err != nil {
			return err
		}
		defer func() { _ = answer.Body.Close() }()
		body, err := io.ReadAll(io.LimitReader(answer.Body, MaxPayload))
		if err != nil || out == nil {
			return err
		}
		return desk.Wrap(desk.Internal, xml.Unmarshal(body, out), tried+": the answer is no XML")
	})
}
