package main

import (
	"strings"
	"sync"
	"time"

	"github.com/relevo/relevo/e2e"
)

// ledger notes when each message was sent, acknowledged and heard. A message is known by its text's first word.
type ledger struct {
	mu      sync.Mutex
	entries map[string]*entry
	frames  map[string]bool // ids of frames, for doubles of one frame are no fault
}

type entry struct {
	inward       bool
	conversation string
	sent         time.Time
	acknowledged time.Time
	heard        time.Time
	times        int // heard, doubles of one frame aside
}

func newLedger() *ledger { return &ledger{entries: map[string]*entry{}, frames: map[string]bool{}} }

func (l *ledger) sends(id, conversation string, inward bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries[id] = &entry{inward: inward, conversation: conversation, sent: time.Now()}
}

// sendsAgain starts the clock anew, for a message that was refused by a limit.
func (l *ledger) sendsAgain(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries[id].sent = time.Now()
}

func (l *ledger) acknowledges(id string) {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries[id].acknowledged = now
}

func (l *ledger) agentHears(f e2e.Frame)    { l.hears(f, true) }
func (l *ledger) customerHears(f e2e.Frame) { l.hears(f, false) }

func (l *ledger) hears(f e2e.Frame, inward bool) {
	if f.Type != "message.created" {
		return
	}
	id, _, _ := strings.Cut(f.Message().Text, " ")
	side := "customer/"
	if inward {
		side = "agent/"
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.entries[id]
	if !ok || e.inward != inward || l.frames[side+f.ID] {
		return
	}
	l.frames[side+f.ID] = true
	if e.times++; e.times == 1 {
		e.heard = f.At
	}
}

// each calls f with every entry.
func (l *ledger) each(f func(id string, e entry)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, e := range l.entries {
		f(id, *e)
	}
}

// allHeard reports whether every acknowledged message was heard.
func (l *ledger) allHeard() bool {
	all := true
	l.each(func(_ string, e entry) { all = all && (e.acknowledged.IsZero() || e.times > 0) })
	return all
}
