package cloud

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/aws/smithy-go/encoding/httpbinding"

	"github.com/relevo/relevo/internal/desk"
)

const (
	uploadTime   = 10 * time.Minute
	downloadTime = time.Hour
	maxBlobKey   = 1024 // bytes, S3's limit
	maxPut       = 100 << 20
	amzTime      = "20060102T150405Z"
)

// Blobs keep attachments in a bucket of S3, which no browser reaches but by an address or a form signed here.
type Blobs struct {
	client  *Client
	bucket  string
	address string // of the bucket
	browser string // the same, for browsers
	now     func() time.Time
}

var _ desk.Blobs = (*Blobs)(nil)

// NewBlobs gives the attachments in a bucket. downloads is how browsers reach the bucket, "" for S3's own address of it,
// which is another origin than any of the desk's; now is the clock of the signatures.
func NewBlobs(client *Client, bucket, downloads string, now func() time.Time) *Blobs {
	address := client.bucket(bucket)
	if downloads == "" {
		downloads = address
	}
	return &Blobs{client: client, bucket: bucket, address: address, browser: downloads, now: now}
}

// checkBlob refuses keys that are no clean relative path and types that are none.
func checkBlob(blob desk.Blob) error {
	if err := checkBlobKey(blob.Key); err != nil {
		return err
	}
	if _, _, err := mime.ParseMediaType(blob.Type); err != nil || !strings.Contains(blob.Type, "/") {
		return desk.InvalidField("type", "not a media type")
	}
	return nil
}

func checkBlobKey(key string) error {
	if !fs.ValidPath(key) || !strings.Contains(key, "/") || len(key) > maxBlobKey || !utf8.ValidString(key) ||
		strings.Contains(key, `\`) || strings.ContainsFunc(key, unicode.IsControl) {
		return desk.InvalidField("key", "a key is an account, a slash and a name without . and ..")
	}
	return nil
}

// UploadForm signs a form for S3's POST ("Browser-based uploads using POST"). Its policy wants the key, the type and the
// size as they are here, and nothing besides. No policy can say "once": until it expires the form takes other content of
// that size and type.
func (b *Blobs) UploadForm(_ context.Context, blob desk.Blob) (desk.UploadForm, error) {
	if err := checkBlob(blob); err != nil {
		return desk.UploadForm{}, err
	}
	if blob.Size < 1 {
		return desk.UploadForm{}, desk.InvalidField("size", "an upload has at least 1 byte")
	}
	who, at := b.client.credentials(), b.now().UTC().Truncate(time.Second)
	scope := at.Format("20060102") + "/" + b.client.access.Region + "/s3/aws4_request"
	fields := map[string]string{"key": blob.Key, "Content-Type": blob.Type, "x-amz-algorithm": "AWS4-HMAC-SHA256",
		"x-amz-credential": who.AccessKeyID + "/" + scope, "x-amz-date": at.Format(amzTime)}
	if who.SessionToken != "" {
		fields["x-amz-security-token"] = who.SessionToken
	}
	conditions := []any{map[string]string{"bucket": b.bucket}, []any{"content-length-range", blob.Size, blob.Size}}
	for name, value := range fields {
		conditions = append(conditions, []string{"eq", "$" + name, value})
	}
	expires := at.Add(uploadTime)
	policy, err := json.Marshal(map[string]any{"expiration": expires.Format("2006-01-02T15:04:05.000Z"), "conditions": conditions})
	if err != nil {
		return desk.UploadForm{}, desk.Wrap(desk.Internal, err, "encode the policy of an upload")
	}
	fields["policy"] = base64.StdEncoding.EncodeToString(policy)
	fields["x-amz-signature"] = postSignature(who.SecretAccessKey, scope, fields["policy"])
	return desk.UploadForm{URL: b.browser, Fields: fields, ExpiresAt: expires}, nil
}

// postSignature signs a policy in base64; the scope is day/region/s3/aws4_request.
func postSignature(secret, scope, policy string) string {
	key := []byte("AWS4" + secret)
	for part := range strings.SplitSeq(scope, "/") {
		key = mac(key, part)
	}
	return hex.EncodeToString(mac(key, policy))
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// Put reads the body to its end, at most 100 MiB, and sends it once with its hash, so that S3 stores all of it or
// nothing. Codes: invalid (key, type, too large, more or fewer bytes than blob.Size, unless that is 0), limited,
// unavailable, internal (a right or the bucket is missing).
func (b *Blobs) Put(ctx context.Context, blob desk.Blob, body io.Reader) error {
	if err := checkBlob(blob); err != nil {
		return err
	}
	content, err := io.ReadAll(io.LimitReader(body, maxPut+1))
	switch {
	case err != nil:
		return desk.Wrap(desk.Unavailable, err, "read the file to store")
	case len(content) > maxPut:
		return desk.InvalidField("size", "a file has at most %d bytes", maxPut)
	case blob.Size != 0 && blob.Size != int64(len(content)):
		return desk.InvalidField("size", "%d bytes came, not %d", len(content), blob.Size)
	}
	answer, err := b.client.send(ctx, b.object(http.MethodPut, blob.Key, content, blob.Type))
	if err != nil {
		return judge(err).wrap(err, "store a file")
	}
	return desk.Wrap(desk.Unavailable, answer.Body.Close(), "store a file")
}

func (b *Blobs) object(method, key string, content []byte, kind string) signed {
	r := signed{service: "s3", method: method, url: b.address + "/" + httpbinding.EscapePath(key, false), body: content}
	if kind != "" {
		r.header = map[string]string{"Content-Type": kind}
	}
	return r
}

// Stat asks S3. The function's role needs the right to list the bucket: without it S3 answers that what is not there is
// forbidden, which here is internal.
func (b *Blobs) Stat(ctx context.Context, key string) (desk.Blob, error) {
	if err := checkBlobKey(key); err != nil {
		return desk.Blob{}, err
	}
	blob := desk.Blob{Key: key}
	const tried = "look at a stored file"
	err := repeat(ctx, tried, func(ctx context.Context, _ bool) error {
		answer, err := b.client.send(ctx, b.object(http.MethodHead, key, nil, ""))
		if err != nil {
			return absentOr(err)
		}
		blob.Type = answer.Header.Get("Content-Type")
		blob.Size, err = strconv.ParseInt(answer.Header.Get("Content-Length"), 10, 64)
		_ = answer.Body.Close() // a HEAD's is empty
		return desk.Wrap(desk.Internal, err, tried+": the answer gives no size")
	})
	return blob, err
}

// absentOr gives not_found for S3's refusal that means it.
func absentOr(err error) error {
	absent := meaning(err, func(status int, _ string) error {
		if status == http.StatusNotFound {
			return desk.Errorf(desk.NotFound, "there is no such file")
		}
		return nil
	})
	if absent != nil {
		return absent
	}
	return err
}

// Open reads the file as long as ctx lasts; one replaced meanwhile is read to its end as it was.
func (b *Blobs) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	if err := checkBlobKey(key); err != nil {
		return nil, err
	}
	answer, err := b.client.send(ctx, b.object(http.MethodGet, key, nil, ""))
	if err == nil {
		return answer.Body, nil
	}
	if err = absentOr(err); settled(err) {
		return nil, err
	}
	return nil, judge(err).wrap(err, "open a stored file")
}

// Delete removes the file; a bucket that keeps earlier versions has it for a while, for nobody who comes by key.
func (b *Blobs) Delete(ctx context.Context, key string) error {
	if err := checkBlobKey(key); err != nil {
		return err
	}
	const tried = "delete a stored file"
	return repeat(ctx, tried, func(ctx context.Context, _ bool) error {
		answer, err := b.client.send(ctx, b.object(http.MethodDelete, key, nil, ""))
		if err != nil {
			return err
		}
		return desk.Wrap(desk.Unavailable, answer.Body.Close(), tried)
	})
}

// URL signs an address for an hour, or until the function's credentials end: AWS renews those of a warm function within
// half a day.
func (b *Blobs) URL(ctx context.Context, key, filename string) (string, error) {
	if err := checkBlobKey(key); err != nil {
		return "", err
	}
	if !utf8.ValidString(filename) || len(filename) > 255 {
		return "", desk.InvalidField("filename", "a file's name has at most 255 bytes of UTF-8")
	}
	disposition := mime.FormatMediaType("attachment", map[string]string{"filename": filename})
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.browser+"/"+httpbinding.EscapePath(key, false), nil)
	if err != nil {
		return "", desk.Wrap(desk.Internal, err, "make the address of a file")
	}
	query := r.URL.Query()
	query.Set("X-Amz-Expires", strconv.Itoa(int(downloadTime/time.Second)))
	query.Set("response-content-disposition", disposition)
	query.Set("response-cache-control", "private, max-age=3600")
	r.URL.RawQuery = query.Encode()
	address, _, err := b.client.signer.PresignHTTP(ctx, b.client.credentials(), r, "UNSIGNED-PAYLOAD", "s3", b.client.access.Region, b.now().UTC(), plainPath)
	return address, desk.Wrap(desk.Internal, err, "sign the address of a file")
}
