package cloud_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/desktest"
)

// alarm is a schedule group whose timers go to a queue, which stands in for the functions: it hands over the same input,
// and again when it failed.
type alarm struct {
	api     *sqs.Client
	address string
}

func newAlarm(t *testing.T, client *cloud.Client) (*alarm, *cloud.Timers) {
	t.Helper()
	name := unique()
	schedules := scheduler.NewFromConfig(client.Config())
	_, err := schedules.CreateScheduleGroup(t.Context(), &scheduler.CreateScheduleGroupInput{Name: &name})
	// The name is ours alone: if it is there already, the SDK has asked twice, for the first answer was lost.
	if _, made := errors.AsType[*types.ConflictException](err); err != nil && !made {
		t.Fatal(err)
	}
	a := &alarm{api: sqs.NewFromConfig(client.Config())}
	made, err := a.api.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: map[string]string{"VisibilityTimeout": "1"}})
	if err != nil {
		t.Fatal(err)
	}
	a.address = *made.QueueUrl
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		if _, err := schedules.DeleteScheduleGroup(ctx, &scheduler.DeleteScheduleGroupInput{Name: &name}); err != nil {
			t.Error(err)
		}
		if _, err := a.api.DeleteQueue(ctx, &sqs.DeleteQueueInput{QueueUrl: made.QueueUrl}); err != nil {
			t.Error(err)
		}
	})
	target := "arn:aws:sqs:us-east-1:000000000000:" + name
	return a, cloud.NewTimers(client, cloud.TimersOptions{Group: name, Role: "arn:aws:iam::000000000000:role/relevo-schedules",
		Targets: map[string]string{"wakeup": target, "slabreach": target}})
}

func (a *alarm) run(ctx context.Context, handle func(context.Context, desk.Timer) error) error {
	var working sync.WaitGroup
	defer working.Wait()
	for ctx.Err() == nil {
		got, err := a.api.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &a.address, MaxNumberOfMessages: 10, WaitTimeSeconds: 1})
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		for _, m := range got.Messages {
			var input struct {
				Name desk.TimerName `json:"name"`
			}
			if err := json.Unmarshal([]byte(*m.Body), &input); err != nil {
				return err
			}
			host := cloud.Host{Fire: handle, Log: slog.New(slog.DiscardHandler)}
			if _, err := cloud.HandleTimer(ctx, host, input.Name, []byte(*m.Body)); err != nil {
				continue // comes again
			}
			if _, err := a.api.DeleteMessage(context.WithoutCancel(ctx), &sqs.DeleteMessageInput{QueueUrl: &a.address, ReceiptHandle: m.ReceiptHandle}); err != nil {
				return err
			}
		}
	}
	return nil
}

func TestTimersContract(t *testing.T) {
	client := emulator(t, "scheduler", "sqs")
	if !firesSchedules(t, client) {
		t.Skip(keepsSchedules)
	}
	desktest.Timers(t, func(t *testing.T) desktest.TimersSubject {
		t.Helper()
		a, timers := newAlarm(t, client)
		return desktest.TimersSubject{Timers: timers, Run: a.run, Soon: 3 * time.Second, Late: 12 * time.Second}
	})
}

// fires says, once for all tests, whether the emulator fires a schedule within the time that the slowest needs which does:
// MiniStack looks every ten seconds.
var fires struct {
	sync.Once
	yes bool
}

func firesSchedules(t *testing.T, client *cloud.Client) bool {
	t.Helper()
	fires.Do(func() {
		a, timers := newAlarm(t, client)
		if err := timers.At(t.Context(), desk.Timer{Name: desk.WakeupTimer, ID: "probe", At: time.Now(), Body: []byte(`{}`)}); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		if err := a.run(ctx, func(context.Context, desk.Timer) error { fires.yes = true; cancel(); return nil }); err != nil {
			t.Fatal(err)
		}
	})
	return fires.yes
}

const keepsSchedules = "this emulator keeps schedules and has not fired one within 30 s"

func TestTimersRequest(t *testing.T) {
	var path string
	var sent map[string]any
	address := serving(t, func(_ http.ResponseWriter, r *http.Request) {
		path = r.URL.Path
		raw, err := io.ReadAll(r.Body)
		if err != nil || json.Unmarshal(raw, &sent) != nil {
			t.Errorf("no JSON was sent: %s", raw)
		}
	})
	now := time.Date(2026, 3, 1, 12, 0, 0, 1, time.UTC)
	timers := cloud.NewTimers(cloud.NewClient(access(address)), cloud.TimersOptions{Group: "relevo-dev", Role: "role", DeadLetters: "dead",
		Targets: map[string]string{"wakeup": "arn:wakeup"}, Now: func() time.Time { return now }})
	for name, c := range map[string]struct {
		at   time.Time
		want string
	}{
		"RoundedUp": {now.Add(time.Hour), "at(2026-03-01T13:00:01)"},
		"Whole":     {now.Truncate(time.Second).Add(time.Hour), "at(2026-03-01T13:00:00)"},
		"UTC":       {now.Truncate(time.Second).Add(time.Hour).In(time.FixedZone("", -5*3600)), "at(2026-03-01T13:00:00)"},
		"Past":      {now.Add(-time.Hour), "at(2026-03-01T12:00:03)"},
		"JustNow":   {now.Add(time.Second), "at(2026-03-01T12:00:03)"},
	} {
		t.Run(name, func(t *testing.T) {
			timer := desk.Timer{Name: desk.WakeupTimer, ID: strings.Repeat("conv/1", 30), At: c.at, Body: []byte(`{"a":1}`)}
			if err := timers.At(t.Context(), timer); err != nil {
				t.Fatal(err)
			}
			if sent["ScheduleExpression"] != c.want || sent["ScheduleExpressionTimezone"] != "UTC" || sent["ActionAfterCompletion"] != "DELETE" ||
				sent["GroupName"] != "relevo-dev" {
				t.Errorf("sent %v, want %s", sent, c.want)
			}
			input, err := cloud.TimerInput(timer)
			target, ok := sent["Target"].(map[string]any)
			if err != nil || !ok || target["Input"] != string(input) || target["Arn"] != "arn:wakeup" || target["RoleArn"] != "role" {
				t.Errorf("the target is %v", target)
			}
			if name := strings.TrimPrefix(path, "/schedules/"); len(name) > 64 || name != cloud.ScheduleName(timer) {
				t.Errorf("the schedule's name is %q", name)
			}
		})
	}
	t.Run("NamesDiffer", func(t *testing.T) {
		a, b := desk.Timer{Name: desk.WakeupTimer, ID: "1"}, desk.Timer{Name: desk.WakeupTimer, ID: "2"}
		if cloud.ScheduleName(a) == cloud.ScheduleName(b) || cloud.ScheduleName(a) == cloud.ScheduleName(desk.Timer{Name: desk.SLABreachTimer, ID: "1"}) {
			t.Error("two timers have one name")
		}
	})
}

// A schedule is gone after it fired, so none is left behind.
func TestTimersLeaveNothing(t *testing.T) {
	client := emulator(t, "scheduler", "sqs")
	if !firesSchedules(t, client) {
		t.Skip(keepsSchedules)
	}
	a, timers := newAlarm(t, client)
	timer := desk.Timer{Name: desk.WakeupTimer, ID: "1", At: time.Now(), Body: []byte(`{}`)}
	if err := timers.At(t.Context(), timer); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	fired := false
	if err := a.run(ctx, func(context.Context, desk.Timer) error { fired = true; cancel(); return nil }); err != nil || !fired {
		t.Fatalf("it fired: %v, %v", fired, err)
	}
	schedules := scheduler.NewFromConfig(client.Config())
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for range 100 {
		left, err := schedules.ListSchedules(t.Context(), &scheduler.ListSchedulesInput{GroupName: aws.String(timers.Group)})
		if err != nil {
			t.Fatal(err)
		}
		if len(left.Schedules) == 0 {
			return
		}
		<-look.C
	}
	t.Error("the schedule is still there")
}
