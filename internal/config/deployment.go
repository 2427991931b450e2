package config

import (
	"fmt"
	"regexp"
	"strings"
)

// Deployment are the words of a deployment to AWS, as make deploy takes them. They are checked in one place, before
// anything is built and again when the stack is synthesized.
type Deployment struct {
	Stage       string // dev or prod
	Mail        string // the address that mail comes from
	Public      string // how browsers reach the desk; "": CloudFront's own address
	Certificate string // ARN of the certificate for the name in Public; "": none
	Alarms      string // e-mail address that is told of alarms; "": nobody
}

var (
	mailAddress = regexp.MustCompile(`^[^@\s,;<>"]+@[^@\s,;<>".]+(\.[^@\s,;<>".]+)+$`)
	// CloudFront takes certificates of one region only.
	certificate = regexp.MustCompile(`^arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate/[0-9A-Za-z-]+$`)
	publicName  = regexp.MustCompile(`^https://[a-z0-9-]+(\.[a-z0-9-]+)+/?$`)
)

// Check refuses words that make no sense; the error names the word, as make takes it.
func (d Deployment) Check() error {
	switch {
	case d.Stage != "dev" && d.Stage != "prod":
		return fmt.Errorf("STAGE %q: want dev or prod", d.Stage)
	case !mailAddress.MatchString(d.Mail):
		return fmt.Errorf("MAIL %q: want the address that the desk's mail comes from, such as MAIL=desk@example.com", d.Mail)
	case d.Public != "" && !strings.HasPrefix(d.Public, "https://"):
		return fmt.Errorf("PUBLIC %q: want an address that begins with https://, such as PUBLIC=https://desk.example.com", d.Public)
	case d.Certificate != "" && !certificate.MatchString(d.Certificate):
		return fmt.Errorf("CERTIFICATE %q: want the ARN of one of ACM in us-east-1, where CloudFront looks, such as CERTIFICATE=arn:aws:acm:us-east-1:…", d.Certificate)
	case d.Certificate != "" && !publicName.MatchString(d.Public):
		return fmt.Errorf("PUBLIC %q: want the name that the certificate is for, such as PUBLIC=https://desk.example.com", d.Public)
	case d.Alarms != "" && !mailAddress.MatchString(d.Alarms):
		return fmt.Errorf("ALARMS %q: want the address that is told of alarms, such as ALARMS=you@example.com", d.Alarms)
	}
	return nil
}
