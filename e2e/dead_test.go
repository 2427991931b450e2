package e2e_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/e2e"
)

// TestDeadLetters: work that fails for good on the deployed desk is a dead letter, which its operator sees and puts back
// once its cause is mended. It takes away rights and time that other scenarios need, so it does not run beside them.
func TestDeadLetters(t *testing.T) {
	aws := anEmulator(t)
	for name, scenario := range map[string]func(*testing.T, *emulator){"Redriven": transcriptIsRedriven, "PoisonFirst": poisonDoesNotHoldItsGroup} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			scenario(t, aws)
		})
	}
}

// transcriptIsRedriven: without the right to send mail its job dies; with it again, a redrive mails it, once.
func transcriptIsRedriven(t *testing.T, aws *emulator) {
	if !aws.rolesAreEnforced(t) {
		t.Skip("the emulator enforces no roles, so that no right can be taken away: start it with MINISTACK_AUTH=true make emulator")
	}
	w := newWorld(t, nil)
	said := visit(t, host, w.key, "").says("¿Me lo mandan por correo?")
	patient := aws.comesAgainSoon(t, "transcript")
	allow := aws.forbid(t, "transcript", "ses:SendRawEmail")
	to := "later-" + strings.ToLower(said.Conversation) + "@example.com"
	w.admin.asksTranscript(said.Conversation, to)

	var letter string
	eventually(t, "the transcript is a dead letter", func() bool {
		letter = letterAbout(aws.operator(t, "show", "-limit", "100", "transcript"), "conversation="+said.Conversation)
		return letter != ""
	})
	if listed := aws.operator(t, "list"); !regexp.MustCompile(`(?m)^ *[1-9]\d* +unhandled$`).MatchString(listed) {
		t.Errorf("the list does not count it:\n%s", listed)
	}
	if mails := mailsTo(t, to); len(mails) != 0 {
		t.Fatalf("%d mails were sent without the right to", len(mails))
	}
	allow()
	patient()
	if told := aws.operator(t, "redrive", "transcript", letter); !strings.HasPrefix(told, "1 put back to work") {
		t.Fatal(told)
	}
	eventually(t, "the transcript arrives after all", func() bool { return len(mailsTo(t, to)) > 0 })
	w.admin.hasEvent(said.Conversation, "conversation.transcript")
	eventually(t, "nothing of it is left to do", func() bool { return aws.waiting(t, "transcript") == 0 })
	if mails := mailsTo(t, to); len(mails) != 1 || !strings.Contains(mails[0].Text, "¿Me lo mandan por correo?") {
		t.Errorf("%d mails, want the transcript once: %+v", len(mails), mails)
	}
	if still := letterAbout(aws.operator(t, "show", "-limit", "100", "transcript"), "conversation="+said.Conversation); still != "" {
		t.Errorf("the letter %s is still there", still)
	}
}

// poisonDoesNotHoldItsGroup: the first job of a group fails whatever is done; what came behind it is worked all the same.
func poisonDoesNotHoldItsGroup(t *testing.T, aws *emulator) {
	aws.comesAgainSoon(t, "inbound.fifo")
	number, nowhere := aNumber(), "gone-"+strings.ToLower(rand.Text())
	job := func(inbox, text string) string {
		body, err := json.Marshal(e2e.Object{"Account": "demo", "Inbox": inbox, "Kind": "message", "ExternalID": "wamid." + rand.Text(), "At": time.Now().UTC(),
			"From": e2e.Object{"Address": number, "Name": "Rosa"}, "Message": e2e.Object{"Content": "text", "Text": text + " " + secretMark}})
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	aws.enqueue(t, "inbound.fifo", "demo/"+number, job(nowhere, "Veneno"), job("whatsapp", "Uno"), job("whatsapp", "Dos"))

	otto := signIn(t, host, "otto@demo.test")
	id := conversationOf(t, otto, number)
	var got []e2e.Message
	eventually(t, "those behind it are stored", func() bool {
		got = customers(otto.opens(id).Messages)
		return len(got) >= 2
	})
	if len(got) != 2 || !strings.HasPrefix(got[0].Text, "Uno") || !strings.HasPrefix(got[1].Text, "Dos") {
		t.Errorf("I5: %+v", got)
	}
	eventually(t, "the first is a dead letter", func() bool {
		shown := aws.operator(t, "show", "-limit", "100", "inbound.fifo")
		if strings.Contains(shown, secretMark) || strings.Contains(shown, number) {
			t.Fatalf("what the customer wrote is shown:\n%s", shown)
		}
		return letterAbout(shown, "inbox="+nowhere) != ""
	})
	eventually(t, "nothing of the group is left to do", func() bool { return aws.waiting(t, "inbound.fifo") == 0 })
	if again := customers(otto.opens(id).Messages); len(again) != 2 {
		t.Errorf("I2: %d messages, want 2", len(again))
	}
	eventually(t, "the letter is taken away", func() bool { return aws.forgets(t, "inbound-dead.fifo", nowhere) })
	otto.closes(id, e2e.Object{})
}

// mailsTo gives the mails that the desk sent to an address.
func mailsTo(t *testing.T, address string) []e2e.Mail {
	t.Helper()
	all, err := host.Mails(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var found []e2e.Mail
	for _, mail := range all {
		if mail.To == address {
			found = append(found, mail)
		}
	}
	return found
}

// letterAbout finds the id of the dead letter that is shown to be about something; "" for none.
func letterAbout(shown, about string) string {
	id := ""
	for line := range strings.Lines(shown) {
		if !strings.HasPrefix(line, " ") {
			id = strings.TrimSpace(line)
		} else if strings.Contains(line, about) {
			return id
		}
	}
	return ""
}

// operator runs a command of relevo's about dead letters against the deployed desk, as its operator does.
func (e *emulator) operator(t *testing.T, act string, args ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "../bin/relevo", append([]string{"dead-letters", act, "-stage", stage}, args...)...)
	command.Env = append(os.Environ(), "AWS_ENDPOINT_URL="+e.endpoint, "AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test")
	said, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("relevo dead-letters %s %v: %v\n%s", act, args, err, said)
	}
	return string(said)
}

// comesAgainSoon lets a job that failed come again after seconds rather than minutes, until the test ends or the function
// that it gives is called.
func (e *emulator) comesAgainSoon(t *testing.T, queue string) (undo func()) {
	t.Helper()
	const visible = "VisibilityTimeout"
	var kept struct{ Attributes map[string]string }
	e.sqs(t, "GetQueueAttributes", e2e.Object{"QueueUrl": e.queue(t, queue), "AttributeNames": []string{visible}}, &kept)
	set := func(seconds string) {
		e.sqs(t, "SetQueueAttributes", e2e.Object{"QueueUrl": e.queue(t, queue), "Attributes": e2e.Object{visible: seconds}}, nil)
	}
	undo = func() { set(kept.Attributes[visible]) }
	t.Cleanup(undo)
	set("3")
	return undo
}

// waiting counts the jobs of a queue that are to be done or in work.
func (e *emulator) waiting(t *testing.T, queue string) (jobs int) {
	t.Helper()
	counts := []string{"ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"}
	var said struct{ Attributes map[string]json.Number }
	e.sqs(t, "GetQueueAttributes", e2e.Object{"QueueUrl": e.queue(t, queue), "AttributeNames": counts}, &said)
	for _, name := range counts {
		n, err := said.Attributes[name].Int64()
		if err != nil {
			t.Fatal(err)
		}
		jobs += int(n)
	}
	return jobs
}

// enqueue puts jobs on a .fifo queue, at once.
func (e *emulator) enqueue(t *testing.T, queue, group string, bodies ...string) {
	t.Helper()
	var entries []e2e.Object
	for i, body := range bodies {
		entries = append(entries, e2e.Object{"Id": fmt.Sprint(i), "MessageBody": body, "MessageGroupId": group, "MessageDeduplicationId": rand.Text()})
	}
	var said struct{ Failed []any }
	e.sqs(t, "SendMessageBatch", e2e.Object{"QueueUrl": e.queue(t, queue), "Entries": entries}, &said)
	if len(said.Failed) > 0 {
		t.Fatalf("not taken: %v", said.Failed)
	}
}

// forgets deletes the message of a queue that is about something, if it is among the next; it lets others see the rest soon.
func (e *emulator) forgets(t *testing.T, queue, about string) bool {
	t.Helper()
	address := e.queue(t, queue)
	var got struct {
		Messages []struct{ ReceiptHandle, Body string }
	}
	e.sqs(t, "ReceiveMessage", e2e.Object{"QueueUrl": address, "MaxNumberOfMessages": 10, "VisibilityTimeout": 5}, &got)
	for _, m := range got.Messages {
		if strings.Contains(m.Body, about) {
			e.sqs(t, "DeleteMessage", e2e.Object{"QueueUrl": address, "ReceiptHandle": m.ReceiptHandle}, nil)
			return true
		}
	}
	return false
}

// queue finds a queue of the stack.
func (e *emulator) queue(t *testing.T, name string) string {
	t.Helper()
	var said struct {
		QueueURL string `json:"QueueUrl"`
	}
	e.sqs(t, "GetQueueUrl", e2e.Object{"QueueName": "relevo-" + stage + "-" + name}, &said)
	return said.QueueURL
}
