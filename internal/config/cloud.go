package config

import (
	"fmt"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Environment names read by the functions of the deployed desk, which share those of issuer, audience, Graph API, public
// address and attachment size with the local one. QueueEnv and TimerEnv name those of queues and timers.
const (
	EnvStage               = "RELEVO_STAGE"               // dev or prod; names metrics and logs
	EnvTable               = "RELEVO_TABLE"               // name of the table
	EnvBucket              = "RELEVO_BUCKET"              // name of the bucket of attachments
	EnvDownloadsURL        = "RELEVO_DOWNLOADS_URL"       // how browsers reach the bucket; empty: S3's own address of it
	EnvScheduleGroup       = "RELEVO_SCHEDULE_GROUP"      // name of the schedule group that holds timers
	EnvScheduleRole        = "RELEVO_SCHEDULE_ROLE_ARN"   // role with which Scheduler starts the timers' functions
	EnvScheduleDeadLetters = "RELEVO_SCHEDULE_DEAD_ARN"   // queue for timers that Scheduler cannot deliver; empty: none
	EnvMailFrom            = "RELEVO_MAIL_FROM"           // the desk's own address, verified with SES
	EnvMailSet             = "RELEVO_MAIL_CONFIGURATION"  // SES configuration set, which reports bounces; empty: none
	EnvLiveURL             = "RELEVO_LIVE_URL"            // https://{api}.execute-api.{region}.amazonaws.com/{stage}, the management address
	EnvSecretPrefix        = "RELEVO_SECRET_PREFIX"       // path under which secrets lie in the Parameter Store, as /relevo/prod
	EnvRegion              = "AWS_REGION"                 // set by Lambda
	EnvAccessKeyID         = "AWS_ACCESS_KEY_ID"          // set by Lambda
	EnvSecretAccessKey     = "AWS_SECRET_ACCESS_KEY"      // set by Lambda
	EnvSessionToken        = "AWS_SESSION_TOKEN"          // set by Lambda
	EnvEndpointURL         = "AWS_ENDPOINT_URL"           // an emulator's address; empty: AWS
	defaultGraphURL        = "https://graph.facebook.com" // where the WhatsApp Graph API is
)

// Cloud is the configuration of one function of the deployed desk. What the function does not need may be empty.
type Cloud struct {
	AWS      AWS
	Stage    string
	Function string // its name in the wiring table

	Table         string
	Bucket        string
	DownloadsURL  string // without a slash at its end; "" for S3's own
	MaxAttachment int64  // bytes

	Queues map[string]string // queue of the wiring table -> its address

	ScheduleGroup       string
	ScheduleRole        string            // ARN
	ScheduleDeadLetters string            // ARN; "" for none
	TimerTargets        map[string]string // timer of the wiring table -> ARN of its function

	MailFrom string
	MailSet  string // "" for none
	LiveURL  string // without a slash at its end

	Issuer       string
	Audience     string
	PublicURL    string // without a slash at its end
	GraphURL     string
	SecretPrefix string // begins with a slash and ends with none
}

// AWS is how a program reaches AWS, or an emulator of it.
type AWS struct {
	Region          string
	AccessKeyID     string
	SecretAccessKey string
	SessionToken    string // "" for a user's own keys
	EndpointURL     string // without a slash at its end; "" for AWS itself
}

// QueueEnv names the setting that holds the address of a queue: RELEVO_QUEUE_INBOUND_URL for inbound.fifo.
func QueueEnv(queue string) string {
	return "RELEVO_QUEUE_" + envWord(strings.TrimSuffix(queue, ".fifo")) + "_URL"
}

// TimerEnv names the setting that holds the ARN of what a timer starts: RELEVO_TIMER_WAKEUP_ARN for wakeup.
func TimerEnv(timer string) string { return "RELEVO_TIMER_" + envWord(timer) + "_ARN" }

func envWord(name string) string { return strings.ToUpper(strings.ReplaceAll(name, "-", "_")) }

// CloudEnv lists the settings without which a function does not start, those that Lambda itself sets left out, in the
// alphabet's order.
func CloudEnv(f Function) []string {
	names := []string{EnvStage, EnvTable}
	need := func(is bool, more ...string) {
		if is {
			names = append(names, more...)
		}
	}
	staff := slices.ContainsFunc(f.Routes, func(route string) bool { return DoorOf(route) == Staff })
	need(staff, EnvIssuer, EnvAudience)
	need(len(f.Routes) > 0 || f.Socket, EnvPublicURL)
	need(f.Needs.Blobs != NoBlobs, EnvBucket)
	need(f.Needs.Push, EnvLiveURL)
	need(f.Needs.Mail, EnvMailFrom)
	need(len(f.Needs.Secrets)+len(f.Needs.Makes) > 0, EnvSecretPrefix)
	for _, queue := range f.Needs.Queues {
		need(true, QueueEnv(queue))
	}
	if f.Needs.Timers {
		need(true, EnvScheduleGroup, EnvScheduleRole)
		for _, timer := range timers() {
			need(true, TimerEnv(timer))
		}
	}
	slices.Sort(names)
	return names
}

// timers lists the timers of the wiring table.
func timers() []string {
	var names []string
	for _, f := range Functions {
		if f.Timer != "" {
			names = append(names, f.Timer)
		}
	}
	return names
}

// LoadCloud reads the settings of a function; an error names the one that is missing or makes no sense.
func LoadCloud(f Function) (Cloud, error) {
	access, err := LoadAWS()
	if err != nil {
		return Cloud{}, err
	}
	for _, name := range CloudEnv(f) {
		if os.Getenv(name) == "" {
			return Cloud{}, fmt.Errorf("%s is not set, and the function %s needs it", name, f.Name)
		}
	}
	c := Cloud{AWS: access, Function: f.Name, Stage: os.Getenv(EnvStage), Table: os.Getenv(EnvTable), Bucket: os.Getenv(EnvBucket),
		Queues: map[string]string{}, TimerTargets: map[string]string{},
		ScheduleGroup: os.Getenv(EnvScheduleGroup), ScheduleRole: os.Getenv(EnvScheduleRole), ScheduleDeadLetters: os.Getenv(EnvScheduleDeadLetters),
		MailFrom: os.Getenv(EnvMailFrom), MailSet: os.Getenv(EnvMailSet),
		Issuer: os.Getenv(EnvIssuer), Audience: os.Getenv(EnvAudience), SecretPrefix: os.Getenv(EnvSecretPrefix)}
	for _, queue := range f.Needs.Queues {
		c.Queues[queue] = os.Getenv(QueueEnv(queue))
	}
	if f.Needs.Timers {
		for _, timer := range timers() {
			c.TimerTargets[timer] = os.Getenv(TimerEnv(timer))
		}
	}
	if c.MaxAttachment, err = maxAttachment(); err != nil {
		return Cloud{}, err
	}
	return c, c.addresses()
}

// addresses reads the settings that are addresses.
func (c *Cloud) addresses() error {
	if c.SecretPrefix != "" && (!strings.HasPrefix(c.SecretPrefix, "/") || strings.HasSuffix(c.SecretPrefix, "/")) {
		return fmt.Errorf("%s: want a path such as /relevo/prod", EnvSecretPrefix)
	}
	for name, into := range map[string]*string{EnvDownloadsURL: &c.DownloadsURL, EnvLiveURL: &c.LiveURL, EnvPublicURL: &c.PublicURL, EnvGraphURL: &c.GraphURL} {
		var err error
		if *into, err = address(name); err != nil {
			return err
		}
	}
	if c.GraphURL == "" {
		c.GraphURL = defaultGraphURL
	}
	for queue, raw := range c.Queues {
		if u, err := url.Parse(raw); err != nil || u.Host == "" {
			return fmt.Errorf("%s: want the address of a queue", QueueEnv(queue))
		}
	}
	return nil
}

// LoadAWS reads region and credentials as Lambda gives them, and as a person's shell does.
func LoadAWS() (AWS, error) {
	a := AWS{Region: or(EnvRegion, os.Getenv("AWS_DEFAULT_REGION")), AccessKeyID: os.Getenv(EnvAccessKeyID),
		SecretAccessKey: os.Getenv(EnvSecretAccessKey), SessionToken: os.Getenv(EnvSessionToken)}
	for _, s := range []struct{ name, value string }{{EnvRegion, a.Region}, {EnvAccessKeyID, a.AccessKeyID}, {EnvSecretAccessKey, a.SecretAccessKey}} {
		if s.value == "" {
			return AWS{}, fmt.Errorf("%s is not set", s.name)
		}
	}
	var err error
	a.EndpointURL, err = address(EnvEndpointURL)
	return a, err
}

// address reads a setting that is an http or https address, or empty.
func address(name string) (string, error) {
	raw := strings.TrimRight(os.Getenv(name), "/")
	if raw == "" {
		return "", nil
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("%s: want an address such as https://desk.example", name)
	}
	return raw, nil
}

// maxAttachment reads the size limit of one attachment, in bytes.
func maxAttachment() (int64, error) {
	mib, err := strconv.ParseInt(or(EnvMaxAttachmentMiB, "25"), 10, 64)
	if err != nil || mib < 1 || mib > 100 {
		return 0, fmt.Errorf("%s: want a whole number of MiB from 1 to 100", EnvMaxAttachmentMiB)
	}
	return mib << 20, nil
}
