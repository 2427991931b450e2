// Package local puts the desk's ports on one file and goroutines: table, change stream, queues, timers, mail, blobs and
// push of a desk that runs in one process. Its files carry the names of their twins in the room cloud.
package local

import (
	"errors"
	"fmt"
	"io/fs"
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
	made    made
}

// made is what Open made that was not there before, in the order in which it goes away again; empty: nothing.
type made []string

func (m made) remove() error {
	for _, path := range m {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Open opens or creates desk.db in dir. Codes: conflict (another process has it open), unavailable (the folder cannot
// be written, the disk is full, the file is damaged). What it made before it failed it takes away again.
func Open(dir string) (*File, error) {
	path, created := filepath.Join(dir, "desk.db"), false
	var folder made
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		folder = made{dir}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, desk.Wrap(desk.Unavailable, err, fmt.Sprintf("the data folder %s cannot be made", dir))
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout: time.Second, FreelistType: bbolt.FreelistMapType,
		OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
			file, err := os.OpenFile(name, flag|os.O_EXCL, mode)
			if created = err == nil; !errors.Is(err, fs.ErrExist) {
				return file, err
			}
			return os.OpenFile(name, flag, mode)
		},
	})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, desk.Wrap(desk.Conflict, err, fmt.Sprintf("the data folder %s is in use by another desk", dir))
	}
	if err != nil {
		if created {
			err = errors.Join(err, append(made{path}, folder...).remove())
		}
		return nil, desk.Wrap(desk.Unavailable, err, fmt.Sprintf("the file %s cannot be opened", path))
	}
	f := &File{db: db, commits: &groupCommit{db: db}}
	if created && f.empty() { // another process may have been here between
		f.made = append(made{path}, folder...)
	}
	f.stream = newStream(f)
	return f, nil
}

// empty reports whether nothing was ever written.
func (f *File) empty() bool {
	empty := false
	err := f.db.View(func(tx *bbolt.Tx) error {
		name, _ := tx.Cursor().First()
		empty = name == nil
		return nil
	})
	return err == nil && empty
}

// Abandon is Close for a start that failed: a file that this start made goes away again, and so does its folder. Nothing
// that anybody was told of may lie in it.
func (f *File) Abandon() error { return errors.Join(f.db.Close(), f.made.remove()) }

// Close ends all use of the file.
func (f *File) Close() error { return f.db.Close() }
