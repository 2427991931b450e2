package local_test

import (
	"testing"

	"github.com/relevo/relevo/internal/desktest"
	"github.com/relevo/relevo/internal/local"
	"github.com/relevo/relevo/internal/store"
)

// openTemp opens a fresh file that is closed with the test.
func openTemp(t testing.TB) *local.File {
	t.Helper()
	f, err := local.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

func TestTable(t *testing.T) {
	desktest.RunTable(t, func(t *testing.T) store.Table { return openTemp(t).Table() }, true)
}
