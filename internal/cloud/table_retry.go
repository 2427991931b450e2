package cloud

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// How long a call is repeated. DynamoDB usually answers within ten milliseconds, so waiting starts small.
const (
	patience     = 30 * time.Second       // the most, also for a caller that has more time: his queue repeats better
	reserve      = 100 * time.Millisecond // of a caller's time, left for him to answer
	attemptLasts = 10 * time.Second       // the most that one attempt may take
	firstPause   = 25 * time.Millisecond  // doubles with each attempt; the wait is a random part of it
	longestPause = time.Second
)

// repeat makes a call until it succeeds, fails for good, or the time is over that the context leaves. An attempt takes at
// most half of what is left, so that one that hangs leaves room for another. unsure tells the call that an attempt
// before may have been carried out though its answer never came.
//
// It is a loop of our own because the SDK's retryer hides the attempts: it repeats three times whatever time is left, and
// says neither that an answer was lost nor lets the next attempt ask for more. Which codes mean throttling is the SDK's word.
//
// Codes: limited (throttled, or other writes hold the item), unavailable (DynamoDB or the network fails, or the
// caller's time is over), invalid (DynamoDB refuses the request), internal (any other refusal: rights, no such table).
func repeat(ctx context.Context, tried string, call func(ctx context.Context, unsure bool) error) error {
	end := time.Now().Add(patience)
	if deadline, ok := ctx.Deadline(); ok && deadline.Add(-reserve).Before(end) {
		end = deadline.Add(-reserve)
	}
	unsure := false
	for n := 0; ; n++ {
		if err := ctx.Err(); err != nil {
			return desk.Wrap(desk.Unavailable, err, tried)
		}
		err := attempt(ctx, end, func(ctx context.Context) error { return call(ctx, unsure) })
		if err == nil || settled(err) {
			return err
		}
		v := judge(err)
		unsure = unsure || v.unsure
		if !v.again || !pause(ctx, end, n) {
			return v.wrap(err, tried)
		}
	}
}

func attempt(ctx context.Context, end time.Time, call func(context.Context) error) error {
	if left := time.Until(end); left > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, min(attemptLasts, left/2+reserve))
		defer cancel()
	}
	return call(ctx)
}

// pause waits before the next attempt; false if there is no time for one.
func pause(ctx context.Context, end time.Time, n int) bool {
	wait := rand.N(min(longestPause, firstPause<<min(n, 10))) //nolint:gosec // rivals must differ, nobody must be surprised
	if time.Until(end) <= wait {
		return false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// settled says that an error is an answer already.
func settled(err error) bool {
	if _, ok := errors.AsType[*desk.Error](err); ok {
		return true
	}
	_, ok := errors.AsType[*store.ConditionError](err)
	return ok
}

// errNothingRead says that a batch gave back all its keys.
var errNothingRead = errors.New("none of the items was read")

// verdict is what a failed attempt means.
type verdict struct {
	code   desk.Code
	again  bool // another attempt may succeed
	unsure bool // it may have been carried out all the same
}

var (
	lost      = verdict{code: desk.Unavailable, again: true, unsure: true}
	throttled = verdict{code: desk.Limited, again: true}
	refused   = verdict{code: desk.Invalid}
)

func judge(err error) verdict {
	if errors.Is(err, errNothingRead) {
		return throttled
	}
	if malformed(err) {
		return refused
	}
	if cancelled, ok := errors.AsType[*types.TransactionCanceledException](err); ok {
		return judgeCancelled(cancelled)
	}
	api, answered := errors.AsType[smithy.APIError](err)
	if !answered {
		return lost
	}
	code := api.ErrorCode()
	if _, busy := retry.DefaultThrottleErrorCodes[code]; busy {
		return throttled
	}
	switch code {
	case "TransactionConflictException", "ReplicatedWriteConflictException", "ThrottlingError":
		return throttled
	case "ValidationException", "ItemCollectionSizeLimitExceededException", "SerializationException":
		return refused
	}
	response, ok := errors.AsType[*awshttp.ResponseError](err)
	if ok && (response.HTTPStatusCode() >= http.StatusInternalServerError || response.HTTPStatusCode() == http.StatusRequestTimeout) {
		return lost
	}
	return verdict{code: desk.Internal}
}

// malformed says that the client itself could not make a request of it.
func malformed(err error) bool {
	if _, ok := errors.AsType[smithy.InvalidParamsError](err); ok {
		return true
	}
	_, ok := errors.AsType[*smithy.SerializationError](err)
	return ok
}

// judgeCancelled judges a transaction that was cancelled for another reason than a condition: conflict with another
// transaction, throttling, or a request that makes no sense. Nothing of it was written.
func judgeCancelled(err *types.TransactionCanceledException) verdict {
	for _, reason := range err.CancellationReasons {
		if reason.Code == nil {
			continue
		}
		switch *reason.Code {
		case "ValidationError", "ItemCollectionSizeLimitExceeded":
			return refused
		}
	}
	return throttled
}

// wrap gives an error its code.
func (v verdict) wrap(err error, tried string) error {
	if v.code == desk.Limited {
		return &desk.Error{Code: v.code, Message: tried + ": too much at once", RetryAfter: time.Second, Cause: err}
	}
	return desk.Wrap(v.code, err, tried)
}
