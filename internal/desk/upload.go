package desk

import (
	"context"
	"mime"
	"path"
	"strings"
)

// DefaultMaxAttachment is the size limit of one attachment where the configuration says none: 25 MiB.
const DefaultMaxAttachment = 25 << 20

// UploadForm gives a signed form for one file and the key under which a message then names it. Owner is the agent or
// contact who uploads: only he can attach the file.
func (d *Desk) UploadForm(ctx context.Context, account AccountID, owner, name, mediaType string, size int64) (string, UploadForm, error) {
	if err := within("name", name, 1, 200); err != nil {
		return "", UploadForm{}, err
	}
	if strings.ContainsAny(name, "/\\\x00\r\n") {
		return "", UploadForm{}, InvalidField("name", "is no file name")
	}
	if _, _, err := mime.ParseMediaType(mediaType); err != nil || len(mediaType) > 100 {
		return "", UploadForm{}, InvalidField("type", "is no media type")
	}
	if size < 1 || size > d.maxAttachment() {
		return "", UploadForm{}, InvalidField("size", "want 1 to %d bytes", d.maxAttachment())
	}
	key := uploadPrefix(account, owner) + d.newID()
	form, err := d.Blobs.UploadForm(ctx, Blob{Key: key, Type: mediaType, Size: size})
	return key, form, err
}

func (d *Desk) maxAttachment() int64 {
	if d.MaxAttachment > 0 {
		return d.MaxAttachment
	}
	return DefaultMaxAttachment
}

func uploadPrefix(account AccountID, owner string) string {
	return string(account) + "/up/" + owner + "/"
}

// uploaded checks that the attachments were uploaded by the owner, and takes type and size from the store.
func (d *Desk) uploaded(ctx context.Context, account AccountID, owner string, attachments []Attachment) ([]Attachment, error) {
	var out []Attachment
	for _, a := range attachments {
		if err := within("attachments.name", a.Name, 1, 200); err != nil {
			return nil, err
		}
		if !strings.HasPrefix(a.Key, uploadPrefix(account, owner)) || path.Clean(a.Key) != a.Key {
			return nil, InvalidField("attachments.key", "no such upload")
		}
		blob, err := d.Blobs.Stat(ctx, a.Key)
		if Is(err, NotFound) {
			return nil, InvalidField("attachments.key", "no such upload")
		}
		if err != nil {
			return nil, err
		}
		out = append(out, Attachment{Key: a.Key, Name: a.Name, Type: blob.Type, Size: blob.Size})
	}
	return out, nil
}

// DownloadURL is where an attachment can be fetched for an hour; "" before it is in our store.
func (d *Desk) DownloadURL(ctx context.Context, a Attachment) (string, error) {
	if a.Key == "" || d.Blobs == nil {
		return "", nil
	}
	return d.Blobs.URL(ctx, a.Key, a.Name)
}
