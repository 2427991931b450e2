package desk

import (
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxText is the limit of a message's text in bytes.
const MaxText = 64 << 10

// Languages are those that the desk speaks to people.
var Languages = []string{"en", "es", "pt-BR"}

// within checks UTF-8 and the length of a text in characters.
func within(field, text string, least, most int) error {
	if !utf8.ValidString(text) {
		return InvalidField(field, "is not valid UTF-8")
	}
	n := utf8.RuneCountInString(strings.TrimSpace(text))
	if n < least {
		return InvalidField(field, "is required")
	}
	if n > most {
		return InvalidField(field, "is longer than %d characters", most)
	}
	return nil
}

// EmailAddress checks and normalizes a plain address: no display name, no control characters, a domain with a dot.
func EmailAddress(field, text string) (string, error) {
	text = strings.TrimSpace(text)
	parsed, err := mail.ParseAddress(text)
	if err != nil || parsed.Address != text || len(text) > 254 || strings.ContainsAny(text, "\r\n<>\"") {
		return "", InvalidField(field, "is no e-mail address")
	}
	name, domain, _ := strings.Cut(text, "@")
	if !strings.Contains(strings.Trim(domain, "."), ".") {
		return "", InvalidField(field, "is no e-mail address")
	}
	return name + "@" + strings.ToLower(domain), nil
}

func validLanguage(language string) error {
	if !slices.Contains(Languages, language) {
		return InvalidField("language", "want one of %s", strings.Join(Languages, ", "))
	}
	return nil
}

func inFuture(field string, t, now time.Time) error {
	if !t.After(now) {
		return InvalidField(field, "lies in the past")
	}
	if t.Year() > 9999 {
		return InvalidField(field, "lies beyond the year 9999")
	}
	return nil
}
