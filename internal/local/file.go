// Package local puts the desk's ports on one file and goroutines: table, change stream, queues, timers, mail, blobs and
// push of a desk that runs in one process. Its files carry the names of their twins in the room cloud.
package local

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/relevo/relevo/internal/desk"
)

// File is the one file that holds everything, opened by one process at a time.
type File struct {
	db      *bbolt.DB
	commits *groupCommit // shared by all who write
	stream  *Stream
}

// Open opens or creates desk.db in dir. Codes: conflict (another process has it open), unavailable (the folder cannot
// be written, the disk is full, the file is damaged).
func Open(dir string) (*File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, desk.Wrap(desk.Unavailable, err, fmt.Sprintf("the data folder %s cannot be made", dir))
	}
	path := filepath.Join(dir, "desk.db")
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second, FreelistType: bbolt.FreelistMapType})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, desk.Wrap(desk.Conflict, err, fmt.Sprintf("the data folder %s is in use by another desk", dir))
	}
	if err != nil {
		return nil, desk.Wrap(desk.Unavailable, err, fmt.Sprintf("the file %s cannot be opened", path))
	}
	f := &File{db: db, commits: &groupCommit{db: db}}
	f.stream = newStream(f)
	return f, nil
}

// Close ends all use of the file.
func (f *File) Close() error { return f.db.Close() }
