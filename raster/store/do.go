package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

const (
	backoffBase = 100 * time.Millisecond
	backoffMost = 5 * time.Second
	// slowest is the rate in bytes per second below which a transfer is given up, though it moves.
	slowest = 64 << 10
)

// try is one attempt at a request. It ends when its context does; cancel ends it with a reason.
type try struct {
	context.Context
	cancel context.CancelCauseFunc
	// at directs the request to the bucket's region.
	at func(*s3.Options)
}

// do runs a request until it succeeds or has finally failed, the body that f reads included. size is how many bytes
// the body has, either way. Every request of the package passes here.
func (r *remote) do(ctx context.Context, op string, a address, size int, f func(t try) error) error {
	probe, cause := r.breaker.enter()
	if cause != nil {
		return r.unavailable(op, a, cause)
	}
	renewed, relocated, reset := false, false, false
	lastCost := gainNoRetries
	for attempt := 1; ; attempt++ {
		generation := 0
		if r.creds != nil {
			generation = r.creds.generation()
		}
		err := r.attempt(ctx, a, size, f)
		if err == nil {
			r.breaker.answered()
			r.budget.give(lastCost)
			r.exists(a.bucket)
			return nil
		}
		if ctx.Err() != nil {
			r.breaker.left(probe)
			return fmt.Errorf("%s %s: %w", op, a, context.Cause(ctx))
		}
		v := classify(err)
		if isCancelled(err) { // a deadline of the transport's own must not look like the end of the caller's context
			err = errors.New(brief(err))
		}
		// These three are put right once, and then the request is as good as new.
		switch {
		case v.kind == KindExpired && !renewed && r.creds != nil:
			renewed = true
			if fresh := r.creds.refresh(ctx, generation); fresh == nil {
				r.count.retries.Add(1)
				continue
			}
		case v.region != "" && !relocated && r.moved(a.bucket, v.region):
			relocated = true
			r.count.retries.Add(1)
			continue
		case v.kind == KindClock && !reset:
			reset = true // the SDK has learnt the server's time from this answer
			r.count.retries.Add(1)
			continue
		}
		fail := &Error{Op: op, URI: a.String(), Kind: v.kind, Code: v.code, Attempts: attempt, Err: err, server: v.outage}
		cost := costRetry
		if v.kind == KindTimeout {
			cost = costTimeout
		}
		if attempt >= v.limit || probe || !r.budget.take(cost) {
			r.conclude(v, probe, fail)
			return fail
		}
		lastCost = cost
		r.count.retries.Add(1)
		pause := r.pause(attempt, v.after)
		r.opts.Log.Debug("object storage: trying again", "uri", a.String(), "attempt", attempt, "wait", pause, "err", brief(err))
		if err := r.wait(ctx, pause); err != nil {
			r.breaker.left(probe)
			return fmt.Errorf("%s %s: %w", op, a, context.Cause(ctx))
		}
		if cause := r.breaker.opened(); cause != nil {
			return r.unavailable(op, a, cause)
		}
	}
}

// conclude tells the breaker of a final error.
func (r *remote) conclude(v verdict, probe bool, fail *Error) {
	switch {
	case v.outage:
		if r.breaker.gone(probe, fail) {
			r.opts.Log.Warn("object storage is not available", "err", fail)
		}
	case v.kind == KindOther:
		r.breaker.left(probe)
	default:
		r.breaker.answered()
	}
	if v.kind != KindNotFound {
		r.opts.Log.Debug("object storage: failed", "err", fail)
	}
}

func (r *remote) unavailable(op string, a address, cause error) error {
	return &Error{Op: op, URI: a.String(), Kind: KindUnavailable, Err: cause}
}

// attempt runs f once, when there is a slot, within its deadline.
func (r *remote) attempt(ctx context.Context, a address, size int, f func(t try) error) error {
	select {
	case r.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-r.slots }()
	tctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	limit := r.opts.Timeout + time.Duration(size)*time.Second/slowest
	timer := time.AfterFunc(limit, func() { cancel(errSlow) })
	defer timer.Stop()
	r.count.requests.Add(1)
	err := f(try{tctx, cancel, r.at(a.bucket)})
	if err != nil && ctx.Err() == nil && tctx.Err() != nil {
		return context.Cause(tctx) // what the SDK saw is only our own cancellation
	}
	return err
}

// pause is how long to wait before the next attempt: anything up to a bound that doubles, and no less than the
// server asks for, within reason.
func (r *remote) pause(attempt int, asked time.Duration) time.Duration {
	bound := min(backoffMost, backoffBase<<(attempt-1))
	return max(time.Duration(r.random()*float64(bound)), min(asked, backoffMost))
}
