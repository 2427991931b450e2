package local

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/relevo/relevo/internal/desk"
)

// decimal is a DynamoDB number: 0.digits times ten to the power of point. digits has neither leading nor trailing
// zeros; it is empty for zero.
type decimal struct {
	negative bool
	digits   string
	point    int
}

// DynamoDB's limits of a number.
const (
	maxDigits = 38
	maxPoint  = 126  // 9.99...E+125
	minPoint  = -129 // 1E-130
)

// parseDecimal reads a number as DynamoDB does; invalid if it is none, or out of range.
func parseDecimal(text string) (decimal, error) {
	bad := func() (decimal, error) {
		return decimal{}, desk.Errorf(desk.Invalid, "a number attribute holds no number")
	}
	mantissa, exponent, hasExponent := strings.Cut(strings.ReplaceAll(text, "E", "e"), "e")
	var d decimal
	if rest, ok := strings.CutPrefix(mantissa, "-"); ok {
		d.negative, mantissa = true, rest
	} else {
		mantissa = strings.TrimPrefix(mantissa, "+")
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	d.digits, d.point = whole+fraction, len(whole)
	if d.digits == "" || strings.Trim(d.digits, "0123456789") != "" {
		return bad()
	}
	if hasExponent {
		e, err := strconv.Atoi(exponent)
		if err != nil || e > 1000 || e < -1000 {
			return bad()
		}
		d.point += e
	}
	significant := strings.TrimLeft(d.digits, "0")
	d.point -= len(d.digits) - len(significant)
	d.digits = strings.TrimRight(significant, "0")
	if d.digits == "" {
		return decimal{}, nil
	}
	if len(d.digits) > maxDigits || d.point > maxPoint || d.point < minPoint {
		return decimal{}, desk.Errorf(desk.Invalid, "a number has more than %d digits or is out of range", maxDigits)
	}
	return d, nil
}

// String writes the number as DynamoDB gives it back: no exponent, no needless zero.
func (d decimal) String() string {
	sign := ""
	if d.negative {
		sign = "-"
	}
	switch n := len(d.digits); {
	case n == 0:
		return "0"
	case d.point <= 0:
		return sign + "0." + strings.Repeat("0", -d.point) + d.digits
	case d.point >= n:
		return sign + d.digits + strings.Repeat("0", d.point-n)
	default:
		return sign + d.digits[:d.point] + "." + d.digits[d.point:]
	}
}

// compare is -1, 0 or 1.
func (d decimal) compare(other decimal) int {
	if d.sign() != other.sign() {
		return sign(d.sign() - other.sign())
	}
	size := sign(d.point - other.point)
	if size == 0 {
		size = strings.Compare(d.digits, other.digits)
	}
	return d.sign() * size
}

func (d decimal) sign() int {
	switch {
	case d.digits == "":
		return 0
	case d.negative:
		return -1
	default:
		return 1
	}
}

func sign(n int) int { return min(1, max(-1, n)) }

// plus adds exactly.
func (d decimal) plus(n int64) (decimal, error) {
	fraction := max(0, len(d.digits)-d.point)
	scaled, ok := new(big.Int).SetString("0"+d.digits+strings.Repeat("0", max(0, d.point-len(d.digits)+fraction)), 10)
	if !ok {
		return decimal{}, desk.Errorf(desk.Internal, "a stored number cannot be read")
	}
	if d.negative {
		scaled.Neg(scaled)
	}
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(fraction)), nil)
	scaled.Add(scaled, ten.Mul(ten, big.NewInt(n)))
	return parseDecimal(scaled.String() + "e-" + strconv.Itoa(fraction))
}
