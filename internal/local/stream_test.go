package local_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/local"
	"github.com/relevo/relevo/internal/store"
)

// listener is a handler of changes that remembers what it took.
type listener struct {
	mu   sync.Mutex
	seen map[string][]store.Change // by partition key
	fail func(store.Change) error
}

func (l *listener) take(_ context.Context, changes []store.Change) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range changes {
		if l.fail == nil {
			continue
		}
		if err := l.fail(c); err != nil {
			return err
		}
	}
	if l.seen == nil {
		l.seen = map[string][]store.Change{}
	}
	for _, c := range changes {
		l.seen[c.Key.PK] = append(l.seen[c.Key.PK], c)
	}
	return nil
}

func (l *listener) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, changes := range l.seen {
		n += len(changes)
	}
	return n
}

// running starts the stream and gives what stops it and waits for its end.
func running(t *testing.T, f *local.File, handle local.Handler) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- f.Stream().Run(ctx, handle) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func closeFile(t *testing.T, f *local.File) {
	t.Helper()
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

func increment(t *testing.T, f *local.File, pk string) {
	t.Helper()
	op := store.Op{Kind: store.Update, Key: store.Key{PK: pk, SK: "n"}, Add: map[string]int64{"n": 1}}
	if err := f.Table().Write(context.Background(), op); err != nil {
		t.Error(err)
	}
}

func idle(t *testing.T, f *local.File) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := f.Stream().Idle(ctx); err != nil {
		t.Fatal(err)
	}
}

func numberIn(item store.Item) int {
	v, ok := item["n"].(*types.AttributeValueMemberN)
	if !ok {
		return 0
	}
	n, _ := strconv.Atoi(v.Value)
	return n
}

// wantCounted asserts that the changes of each partition key came complete, in order, with both images.
func wantCounted(t *testing.T, l *listener, keys, times int) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.seen) != keys {
		t.Fatalf("%d partition keys, want %d", len(l.seen), keys)
	}
	for pk, changes := range l.seen {
		if len(changes) != times {
			t.Fatalf("%s: %d changes, want %d", pk, len(changes), times)
		}
		id := ""
		for i, c := range changes {
			if c.ID <= id || numberIn(c.Old) != i || numberIn(c.New) != i+1 || (c.Old == nil) != (i == 0) {
				t.Fatalf("%s: change %d is %s after %s, from %d to %d", pk, i, c.ID, id, numberIn(c.Old), numberIn(c.New))
			}
			id = c.ID
		}
	}
}

func TestStreamOrder(t *testing.T) {
	f, l := openTemp(t), &listener{}
	increment(t, f, "p0") // before anyone listens
	running(t, f, l.take)
	var writers sync.WaitGroup
	for p := range 20 {
		writers.Go(func() {
			for i := range 40 {
				if p > 0 || i > 0 {
					increment(t, f, fmt.Sprint("p", p))
				}
			}
		})
	}
	writers.Wait()
	idle(t, f)
	wantCounted(t, l, 20, 40)
	if err := f.Stream().Run(t.Context(), l.take); !desk.Is(err, desk.Conflict) {
		t.Fatalf("a second run: %v", err)
	}
}

func TestStreamRecords(t *testing.T) {
	f, l := openTemp(t), &listener{}
	var table store.Table = f.Table()
	running(t, f, l.take)
	key := store.Key{PK: "p", SK: "s"}
	put := store.Op{Kind: store.Put, Key: key, Item: store.Item{"x": &types.AttributeValueMemberS{Value: "1"}}}
	refused := put
	refused.If = []store.Condition{{Attr: "PK", Test: store.Absent}}
	gone := store.Op{Kind: store.Delete, Key: key}
	for _, op := range []store.Op{put, put, refused, gone, gone} {
		if _, expected := errors.AsType[*store.ConditionError](table.Write(t.Context(), op)); expected != (op.If != nil) {
			t.Fatal("unexpected outcome")
		}
	}
	idle(t, f)
	// Writing what is there already, and refusals, leave no record, as in DynamoDB.
	if got := l.seen["p"]; len(got) != 2 || got[0].Old != nil || got[0].New == nil || got[1].Old == nil || got[1].New != nil {
		t.Fatalf("records %+v", got)
	}
}

func TestStreamRestart(t *testing.T) {
	dir := t.TempDir()
	f, err := local.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	first := &listener{}
	stop := running(t, f, first.take)
	increment(t, f, "handled")
	idle(t, f)
	stop()
	increment(t, f, "waiting")
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if f, err = local.Open(dir); err != nil {
		t.Fatal(err)
	}
	second := &listener{}
	stop = running(t, f, second.take)
	idle(t, f)
	stop()
	if len(second.seen["handled"]) != 0 || len(second.seen["waiting"]) != 1 {
		t.Fatalf("after a restart came %v", second.seen)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestStreamKill kills a process in the middle of handling, before any position was kept: every acknowledged write is
// there, and is delivered in order from the first that may not have been handled.
func TestStreamKill(t *testing.T) {
	if dir := os.Getenv("RELEVO_TEST_KILL"); dir != "" {
		writeAndDie(t, dir)
	}
	dir := t.TempDir()
	child := exec.Command(os.Args[0], "-test.run=^TestStreamKill$")
	child.Env = append(os.Environ(), "RELEVO_TEST_KILL="+dir)
	if out, err := child.CombinedOutput(); child.ProcessState.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("the child was not killed: %v\n%s", err, out)
	}
	acknowledged, err := os.ReadFile(filepath.Join(dir, "acknowledged"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := local.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer closeFile(t, f)
	l := &listener{}
	stop := running(t, f, l.take)
	idle(t, f)
	stop()
	if got := len(l.seen["p"]); got < len(acknowledged) || got > len(acknowledged)+1 {
		t.Fatalf("%d changes came, %d writes were acknowledged", got, len(acknowledged))
	}
	wantCounted(t, l, 1, len(l.seen["p"]))
}

func writeAndDie(t *testing.T, dir string) {
	f, err := local.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	ledger, err := os.Create(filepath.Join(dir, "acknowledged"))
	if err != nil {
		t.Fatal(err)
	}
	handled := make(chan struct{}, 1000)
	running(t, f, func(_ context.Context, changes []store.Change) error {
		for range changes {
			handled <- struct{}{}
		}
		return nil
	})
	for i := range 1000 {
		increment(t, f, "p")
		if _, err := ledger.WriteString("x"); err != nil {
			t.Fatal(err)
		}
		if i == 20 {
			<-handled
			go func() {
				if err := syscall.Kill(os.Getpid(), syscall.SIGKILL); err != nil {
					t.Error(err)
				}
			}()
		}
	}
	select {}
}

func TestStreamDeadLetter(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		f, err := local.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer closeFile(t, f)
		tries, start := 0, time.Now()
		l := &listener{}
		l.fail = func(c store.Change) error {
			if c.Key.PK != "poison" || numberIn(c.New) != 1 {
				return nil
			}
			if tries++; tries%2 == 0 {
				panic("poison")
			}
			return desk.Errorf(desk.Unavailable, "poison")
		}
		increment(t, f, "poison")
		increment(t, f, "poison")
		for i := range 64 {
			increment(t, f, fmt.Sprint("p", i))
		}
		stop := running(t, f, l.take)
		synctest.Wait()
		if got := l.count(); time.Since(start) > 0 || got < 32 {
			t.Errorf("%d of 64 neighbours were handled after %v", got, time.Since(start))
		}
		idle(t, f)
		// 0.1 + 0.2 + 0.4 + 0.8 + 1.6 + 3.2 + 5 seconds between eight tries, or nine if it first came in a batch.
		if took := time.Since(start); took < 11300*time.Millisecond || took > 12*time.Second || tries < 8 || tries > 9 {
			t.Errorf("%d tries in %v", tries, took)
		}
		if l.count() != 65 || len(l.seen["poison"]) != 1 {
			t.Errorf("%d changes were handled, %d of poison", l.count(), len(l.seen["poison"]))
		}
		stop()
		dead, err := f.Dead(context.Background())
		if err != nil || len(dead) != 1 || dead[0].Queue != "stream" || dead[0].Reason == "" || len(dead[0].Body) == 0 {
			t.Errorf("dead letters %+v, %v", dead, err)
		}
	})
}

func TestStreamIdleEndsWithItsContext(t *testing.T) {
	f := openTemp(t)
	idle(t, f) // nothing was ever written
	increment(t, f, "p")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.Stream().Idle(ctx); !desk.Is(err, desk.Unavailable) || !errors.Is(err, context.Canceled) {
		t.Fatalf("idle: %v", err)
	}
}

// TestStreamCascade lets a handler write: idle waits for what follows too.
func TestStreamCascade(t *testing.T) {
	f, l := openTemp(t), &listener{}
	running(t, f, func(ctx context.Context, changes []store.Change) error {
		for _, c := range changes {
			if n := numberIn(c.New); n == 1 && len(c.Key.PK) < 10 {
				increment(t, f, c.Key.PK+"+")
			}
		}
		return l.take(ctx, changes)
	})
	increment(t, f, "p")
	idle(t, f)
	wantCounted(t, l, 10, 1)
}

func TestStreamRedrive(t *testing.T) {
	item := store.Item{
		"s": &types.AttributeValueMemberS{Value: "sí"}, "n": &types.AttributeValueMemberN{Value: "1.5"}, "b": &types.AttributeValueMemberB{Value: []byte{0, 1}},
		"t": &types.AttributeValueMemberBOOL{Value: true}, "z": &types.AttributeValueMemberNULL{Value: true},
		"ss": &types.AttributeValueMemberSS{Value: []string{"a", "b"}}, "ns": &types.AttributeValueMemberNS{Value: []string{"1", "2"}},
		"bs": &types.AttributeValueMemberBS{Value: [][]byte{{1}}}, "m": &types.AttributeValueMemberM{Value: store.Item{}},
		"l": &types.AttributeValueMemberL{Value: []types.AttributeValue{&types.AttributeValueMemberS{Value: ""}}},
	}
	synctest.Test(t, func(t *testing.T) {
		f, err := local.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer closeFile(t, f)
		var healed atomic.Bool
		got := make(chan store.Change, 1)
		running(t, f, func(_ context.Context, changes []store.Change) error {
			if !healed.Load() {
				return desk.Errorf(desk.Unavailable, "not yet")
			}
			got <- changes[0]
			return nil
		})
		if err := f.Table().Write(context.Background(), store.Op{Kind: store.Put, Key: store.Key{PK: "p", SK: "s"}, Item: item}); err != nil {
			t.Fatal(err)
		}
		idle(t, f)
		dead, err := f.Dead(context.Background())
		if err != nil || len(dead) != 1 {
			t.Fatalf("%d dead letters, %v", len(dead), err)
		}
		healed.Store(true)
		if err := f.Redrive(context.Background(), f.Queue(), f.Timers(), dead[0]); err != nil {
			t.Fatal(err)
		}
		change := <-got
		item["PK"], item["SK"] = &types.AttributeValueMemberS{Value: "p"}, &types.AttributeValueMemberS{Value: "s"}
		if change.Old != nil || change.Key.PK != "p" || !reflect.DeepEqual(change.New, item) {
			t.Errorf("got %+v, want %+v", change.New, item)
		}
		if err := f.Redrive(context.Background(), f.Queue(), f.Timers(), dead[0]); !desk.Is(err, desk.NotFound) {
			t.Errorf("a second time: %v", err)
		}
	})
}
