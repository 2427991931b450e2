package whatsapp

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

const (
	maxMedia  = 100 << 20 // bytes; the largest file that WhatsApp carries is a document of 100 MB
	mediaTime = 2 * time.Minute
)

// Fetch implements [desk.Provider]: GET /{media_id} tells an address that lives for five minutes, from which the file is
// read. The token goes to no host but the Graph API's and those from which Meta serves media. Blob.Size is -1 if
// Meta does not tell it; reading more than 100 MiB is an error. Codes: not_found, invalid (gone for good), limited,
// unavailable.
func (c *Client) Fetch(ctx context.Context, account desk.AccountID, inbox desk.Inbox, mediaID string) (desk.Blob, io.ReadCloser, error) {
	if !plainID(mediaID) {
		return desk.Blob{}, nil, desk.InvalidField("media_id", "the file has no id of WhatsApp's")
	}
	ctx, cancel := context.WithTimeout(ctx, mediaTime)
	blob, body, err := c.fetch(ctx, account, inbox, mediaID)
	if err != nil {
		cancel()
		return desk.Blob{}, nil, err
	}
	return blob, &download{body: body, left: maxMedia, cancel: cancel}, nil
}

func (c *Client) fetch(ctx context.Context, account desk.AccountID, inbox desk.Inbox, mediaID string) (desk.Blob, io.ReadCloser, error) {
	described, err := c.call(ctx, account, inbox.ID, http.MethodGet, c.base.String()+graphVersion+mediaID, nil)
	if err != nil {
		return desk.Blob{}, nil, gone(err)
	}
	var file struct {
		URL  string `json:"url"`
		Type string `json:"mime_type"`
		Size scalar `json:"file_size"`
	}
	raw, err := io.ReadAll(io.LimitReader(described.Body, maxAnswer))
	if err := errors.Join(err, described.Body.Close()); err != nil {
		return desk.Blob{}, nil, desk.Wrap(desk.Unavailable, err, "read where the file is")
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		return desk.Blob{}, nil, desk.Wrap(desk.Unavailable, err, "read where the file is")
	}
	address, err := url.Parse(file.URL)
	if err != nil || !c.trusted(address) {
		return desk.Blob{}, nil, &desk.Error{Code: desk.Invalid, Message: "the file lies where WhatsApp keeps none"}
	}
	size, err := strconv.ParseInt(string(file.Size), 10, 64)
	if err != nil {
		size = -1
	}
	if size > maxMedia {
		return desk.Blob{}, nil, &desk.Error{Code: desk.Invalid, Message: "the file is larger than 100 MiB"}
	}
	answer, err := c.call(ctx, account, inbox.ID, http.MethodGet, address.String(), nil)
	if err != nil {
		return desk.Blob{}, nil, gone(err)
	}
	if size < 0 {
		size = answer.ContentLength
	}
	return desk.Blob{Type: first(file.Type, answer.Header.Get("Content-Type")), Size: size}, answer.Body, nil
}

// gone makes not_found of the way in which the Graph API says that there is no such object.
func gone(err error) error {
	known, ok := errors.AsType[*desk.Error](err)
	if ok && errors.Is(err, errNoObject) {
		return &desk.Error{Code: desk.NotFound, Message: known.Message, Cause: err}
	}
	return err
}

// download is a file that is being read. More than is allowed is an error, never a file cut short.
type download struct {
	body   io.ReadCloser
	left   int64
	cancel context.CancelFunc
}

// Read implements [io.Reader].
func (d *download) Read(p []byte) (int, error) {
	n, err := d.body.Read(p)
	if d.left -= int64(n); d.left < 0 {
		return 0, &desk.Error{Code: desk.Invalid, Message: "the file is larger than 100 MiB"}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return n, desk.Wrap(desk.Unavailable, err, "read a file of WhatsApp's")
	}
	return n, err
}

// Close implements [io.Closer].
func (d *download) Close() error {
	defer d.cancel()
	return d.body.Close()
}
