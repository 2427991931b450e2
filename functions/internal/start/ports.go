package start

import (
	"time"

	"github.com/relevo/relevo/internal/channel/whatsapp"
	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/desk"
)

// Queue lets the function send jobs.
func Queue(f *Function) error {
	f.Desk.Queue = cloud.NewQueue(f.Client, f.Config.Queues)
	return nil
}

// Timers lets the function set timers.
func Timers(f *Function) error {
	f.Desk.Timers = cloud.NewTimers(f.Client, cloud.TimersOptions{
		Group: f.Config.ScheduleGroup, Role: f.Config.ScheduleRole, Targets: f.Config.TimerTargets, DeadLetters: f.Config.ScheduleDeadLetters,
	})
	return nil
}

// Mail lets the function send mail, which write writes.
func Mail(write func(desk.Mail, time.Time) ([]byte, error)) Part {
	return func(f *Function) error {
		f.Desk.Mailer = cloud.NewMailer(f.Client, cloud.MailOptions{From: f.Config.MailFrom, Set: f.Config.MailSet, Stage: f.Config.Stage, Write: write})
		return nil
	}
}

// Push lets the function tell live listeners.
func Push(f *Function) error {
	f.Push = cloud.NewPush(f.Client, f.Config.LiveURL)
	f.Desk.Announce = f.announcer()
	return nil
}

// Blobs lets the function use attachments.
func Blobs(f *Function) error {
	f.Desk.Blobs = cloud.NewBlobs(f.Client, f.Config.Bucket, f.Config.DownloadsURL, time.Now)
	return nil
}

// Secrets lets the function read the accounts' secrets.
func Secrets(f *Function) error {
	f.Desk.Secrets = cloud.NewSecrets(f.Client, f.Config.SecretPrefix, time.Now)
	return nil
}

// WhatsApp lets the function send through WhatsApp, and fetch from it. It comes after Secrets.
func WhatsApp(f *Function) error {
	meta, err := whatsapp.NewClient(f.Config.GraphURL, f.Desk.Secrets, nil)
	f.Desk.Providers[desk.WhatsApp] = meta
	return err
}
