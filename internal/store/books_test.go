package store_test

import (
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/desktest"
	"github.com/relevo/relevo/internal/local"
	"github.com/relevo/relevo/internal/store"
)

// openTable opens the table of a file that lives as long as the test.
func openTable(t *testing.T) store.Table {
	t.Helper()
	file, err := local.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
	return file.Table()
}

func TestBooks(t *testing.T) {
	desktest.RunBooks(t, func(t *testing.T) desk.Store {
		t.Helper()
		return store.New(openTable(t), time.Now)
	})
}
