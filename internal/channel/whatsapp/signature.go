// Package whatsapp is the door to customers who write from WhatsApp: it turns what Meta's Cloud API posts to a webhook
// into the desk's channel events, and sends the desk's replies through the Graph API. It exists so that no other room
// ever sees a word of Meta's: everything that Meta may send becomes an event that the desk understands, or is kept as
// an unsupported message, so that nothing a customer wrote is lost.
//
// Shapes and codes are those of Meta's documentation, "WhatsApp Business Platform, Cloud API", as of Graph API v23.0.
package whatsapp

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/relevo/relevo/internal/desk"
)

// signaturePrefix names the algorithm in the header X-Hub-Signature-256.
const signaturePrefix = "sha256="

// Verify checks a webhook's X-Hub-Signature-256: "sha256=" and the hexadecimal HMAC-SHA256 of the raw body under the
// app secret. Any of the secrets will do, so that a secret can be rotated. It takes the same time whichever matches.
// Code: unauthenticated.
func Verify(body []byte, header string, secrets []string) error {
	refused := &desk.Error{Code: desk.Unauthenticated, Message: "the signature of the webhook is missing or wrong"}
	text, ok := strings.CutPrefix(header, signaturePrefix)
	if !ok || len(text) != hex.EncodedLen(sha256.Size) {
		return refused
	}
	var given [sha256.Size]byte
	if _, err := hex.Decode(given[:], []byte(text)); err != nil {
		return refused
	}
	matches := false
	for _, secret := range secrets {
		if secret == "" {
			continue // an empty secret would let anybody sign
		}
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(body)
		if hmac.Equal(mac.Sum(nil), given[:]) {
			matches = true
		}
	}
	if !matches {
		return refused
	}
	return nil
}
