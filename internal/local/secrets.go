package local

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"go.etcd.io/bbolt"

	"github.com/relevo/relevo/internal/desk"
)

var (
	secretBucket = []byte("secrets") // account \0 name -> values as JSON, newest first
	ownBucket    = []byte("own-keys")
)

// Secrets keep secrets in the file, which only its owner can read.
type Secrets struct{ file *File }

var _ desk.Secrets = (*Secrets)(nil)

// Secrets gives the file's secrets.
func (f *File) Secrets() *Secrets { return &Secrets{file: f} }

// Secret gives the values of a name, newest first.
func (s *Secrets) Secret(_ context.Context, account desk.AccountID, name string) ([]string, error) {
	key, err := secretKey(account, name)
	if err != nil {
		return nil, err
	}
	var values []string
	err = s.file.db.View(func(tx *bbolt.Tx) error { return readSecret(tx, key, &values) })
	if err != nil {
		return nil, desk.Wrap(desk.Unavailable, err, "read the secret "+name)
	}
	if values == nil {
		return nil, desk.Errorf(desk.NotFound, "there is no secret %s", name)
	}
	return values, nil
}

// MakeSecret makes a secret of 32 random bytes in hexadecimal unless the name has one. Codes: invalid, unavailable.
func (s *Secrets) MakeSecret(_ context.Context, account desk.AccountID, name string) error {
	key, err := secretKey(account, name)
	if err != nil {
		return err
	}
	err = s.file.db.Update(func(tx *bbolt.Tx) error {
		var values []string
		if err := readSecret(tx, key, &values); err != nil || values != nil {
			return err
		}
		return writeSecret(tx, key, []string{hex.EncodeToString(randomBytes(32))})
	})
	return desk.Wrap(desk.Unavailable, err, "make the secret "+name)
}

// SetSecret replaces the values of a name, newest first. Codes: invalid (no value, or an empty one), unavailable.
func (s *Secrets) SetSecret(_ context.Context, account desk.AccountID, name string, values ...string) error {
	key, err := secretKey(account, name)
	if err != nil {
		return err
	}
	if len(values) == 0 || slices.Contains(values, "") {
		return desk.InvalidField("values", "a secret is not empty")
	}
	err = s.file.db.Update(func(tx *bbolt.Tx) error { return writeSecret(tx, key, values) })
	return desk.Wrap(desk.Unavailable, err, "store the secret "+name)
}

// RemoveSecret removes a name with its values; none is fine, too. Codes: invalid, unavailable.
func (s *Secrets) RemoveSecret(_ context.Context, account desk.AccountID, name string) error {
	key, err := secretKey(account, name)
	if err != nil {
		return err
	}
	err = s.file.db.Update(func(tx *bbolt.Tx) error { return writeSecret(tx, key, nil) })
	return desk.Wrap(desk.Unavailable, err, "remove the secret "+name)
}

func secretKey(account desk.AccountID, name string) ([]byte, error) {
	if account == "" || strings.ContainsRune(string(account), 0) {
		return nil, desk.InvalidField("account", "a secret belongs to an account")
	}
	if name == "" || len(name) > 512 {
		return nil, desk.InvalidField("name", "a secret's name has 1 to 512 bytes")
	}
	return []byte(string(account) + "\x00" + name), nil
}

func readSecret(tx *bbolt.Tx, key []byte, values *[]string) error {
	b := tx.Bucket(secretBucket)
	if b == nil {
		return nil
	}
	raw := b.Get(key)
	if raw == nil {
		return nil
	}
	return json.Unmarshal(raw, values)
}

func writeSecret(tx *bbolt.Tx, key []byte, values []string) error {
	b, err := tx.CreateBucketIfNotExists(secretBucket)
	if err != nil {
		return err
	}
	if len(values) == 0 {
		return b.Delete(key)
	}
	raw, err := json.Marshal(values)
	if err != nil {
		return err
	}
	return b.Put(key, raw)
}

// ownKey gives a key that the local adapters need for themselves, made by create when it is first asked for.
func (f *File) ownKey(name string, create func() ([]byte, error)) ([]byte, error) {
	var key []byte
	err := f.db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists(ownBucket)
		if err != nil {
			return err
		}
		if kept := b.Get([]byte(name)); kept != nil {
			key = slices.Clone(kept)
			return nil
		}
		if key, err = create(); err != nil {
			return err
		}
		return b.Put([]byte(name), key)
	})
	return key, desk.Wrap(desk.Unavailable, err, "read the desk's own key "+name)
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}
