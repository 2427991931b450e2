package desk

import (
	"crypto/rand"
	"strconv"
	"strings"
	"time"
)

// secretPrefix begins every secret that tells when it was made.
const secretPrefix = "rlv"

// StampedSecret makes a random secret that tells when it was made: rlv<kind>_<milliseconds to the base 36>_<random>. So a
// rotation needs no further step: whoever reads two values knows by the newer one's age which of them are good.
func StampedSecret(kind string, at time.Time) string {
	return secretPrefix + kind + "_" + strconv.FormatInt(at.UnixMilli(), 36) + "_" + rand.Text()
}

// SecretMade reads when a secret was made; zero for one that a person made up.
func SecretMade(secret string) time.Time {
	kind, rest, _ := strings.Cut(secret, "_")
	stamp, _, _ := strings.Cut(rest, "_")
	ms, err := strconv.ParseInt(stamp, 36, 64)
	if err != nil || !strings.HasPrefix(kind, secretPrefix) {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
