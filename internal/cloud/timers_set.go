package cloud

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

const (
	maxTimerBody = 64 << 10 // bytes
	maxTimerID   = 1024     // bytes
	soonest      = 2 * time.Second
)

// TimersOptions say where timers are kept and what they start.
type TimersOptions struct {
	Group       string            // schedule group, of timers only
	Role        string            // ARN of the role with which Scheduler starts the targets
	Targets     map[string]string // timer -> ARN of what it starts
	DeadLetters string            // ARN of a queue for what Scheduler cannot deliver; "" for none
	Now         func() time.Time  // nil: time.Now
}

// Timers keep timers as one-off schedules of EventBridge Scheduler, which deletes them when they fired. HandleTimer is
// where they come back in.
type Timers struct {
	client *Client
	TimersOptions
}

var _ desk.Timers = (*Timers)(nil)

// NewTimers gives the timers of a schedule group.
func NewTimers(client *Client, options TimersOptions) *Timers {
	if options.Now == nil {
		options.Now = time.Now
	}
	return &Timers{client: client, TimersOptions: options}
}

// newSchedule is a CreateSchedule request ("EventBridge Scheduler API Reference").
type newSchedule struct {
	After    string `json:"ActionAfterCompletion"`
	Flexible struct {
		Mode string `json:"Mode"`
	} `json:"FlexibleTimeWindow"`
	Group      string         `json:"GroupName"`
	Expression string         `json:"ScheduleExpression"`
	Zone       string         `json:"ScheduleExpressionTimezone"`
	Target     scheduleTarget `json:"Target"`
}

type scheduleTarget struct {
	ARN         string       `json:"Arn"`
	Role        string       `json:"RoleArn"`
	Input       string       `json:"Input"`
	DeadLetters *deadLetters `json:"DeadLetterConfig,omitempty"`
}

type deadLetters struct {
	ARN string `json:"Arn"`
}

// At creates the schedule; that there is one of its name already is success. Scheduler counts in seconds and starts the
// target within the minute, so the instant is rounded up, and one that is past or just ahead becomes one in two
// seconds: Scheduler says nothing of what an instant in the past does. Besides the port's codes: internal (a right, the
// group or the role is missing), limited.
func (t *Timers) At(ctx context.Context, timer desk.Timer) error {
	_, err := t.Repair(ctx, timer)
	return err
}

// Repair is At, and tells whether there was none of its name: one that was lost, or has fired.
func (t *Timers) Repair(ctx context.Context, timer desk.Timer) (set bool, err error) {
	r, err := t.request(timer)
	if err != nil {
		return false, err
	}
	err = t.client.call(ctx, "set a timer of "+string(timer.Name), r, nil, func(_ int, code string) error {
		switch code {
		case "ConflictException":
			return desk.Errorf(desk.Conflict, "the timer is set already")
		case "ValidationException":
			return desk.Errorf(desk.Invalid, "Scheduler refuses the timer")
		}
		return nil
	})
	if desk.Is(err, desk.Conflict) {
		return false, nil
	}
	return err == nil, err
}

// request makes the request that creates the schedule.
func (t *Timers) request(timer desk.Timer) (signed, error) {
	target, known := t.Targets[string(timer.Name)]
	switch {
	case !known:
		return signed{}, desk.InvalidField("name", "this function has no timer %q", timer.Name)
	case timer.ID == "" || len(timer.ID) > maxTimerID:
		return signed{}, desk.InvalidField("id", "a timer's id has 1 to %d bytes", maxTimerID)
	case timer.At.IsZero():
		return signed{}, desk.InvalidField("at", "a timer needs an instant")
	case len(timer.Body) > maxTimerBody:
		return signed{}, desk.InvalidField("body", "%d bytes, and a timer has at most %d", len(timer.Body), maxTimerBody)
	}
	input, err := TimerInput(timer)
	if err != nil {
		return signed{}, err
	}
	s := newSchedule{After: "DELETE", Group: t.Group, Zone: "UTC", Expression: t.expression(timer.At),
		Target: scheduleTarget{ARN: target, Role: t.Role, Input: string(input)}}
	s.Flexible.Mode = "OFF"
	if t.DeadLetters != "" {
		s.Target.DeadLetters = &deadLetters{ARN: t.DeadLetters}
	}
	body, err := json.Marshal(s)
	if err != nil {
		return signed{}, desk.Wrap(desk.Internal, err, "encode a schedule")
	}
	return signed{service: "scheduler", method: http.MethodPost, url: t.client.endpoint("scheduler") + "/schedules/" + ScheduleName(timer),
		header: map[string]string{"Content-Type": "application/json"}, body: body}, nil
}

// expression gives an instant as Scheduler writes it, in UTC.
func (t *Timers) expression(at time.Time) string {
	if first := t.Now().Add(soonest); at.Before(first) {
		at = first
	}
	whole := at.UTC().Truncate(time.Second)
	if whole.Before(at) {
		whole = whole.Add(time.Second)
	}
	return "at(" + whole.Format("2006-01-02T15:04:05") + ")"
}

// ScheduleName is the name of a timer's schedule: the timer's, and a hash of its id, which may hold more than Scheduler's 64
// letters, digits, dots, dashes and underscores.
func ScheduleName(timer desk.Timer) string {
	sum := sha256.Sum256([]byte(timer.ID))
	return string(timer.Name) + "-" + hex.EncodeToString(sum[:20])
}
