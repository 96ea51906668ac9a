package store

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"strings"

	"github.com/aws/smithy-go"
)

// Kind says what went wrong, from a closed list.
type Kind string

// The kinds of error. Those marked (all) would meet every object, so Unavailable is true of them.
const (
	KindNotFound      Kind = "not-found"      // the bucket is there, the object is not
	KindNoBucket      Kind = "no-bucket"      // the bucket is not there
	KindDenied        Kind = "denied"         // the credentials are known and not enough
	KindBadKey        Kind = "bad-key"        // (all) the server does not know the access key
	KindBadSecret     Kind = "bad-secret"     // (all) the signature does not fit the access key
	KindNoCredentials Kind = "no-credentials" // (all) none were found
	KindExpired       Kind = "expired"        // (all) they have expired, and so have fresh ones
	KindClock         Kind = "clock"          // (all) the clocks differ too much for a signature
	KindChanged       Kind = "changed"        // another version than at the first look
	KindTLS           Kind = "tls"            // (all) the server's certificate is not trusted, or it speaks no TLS
	KindUnreachable   Kind = "unreachable"    // the connection is refused or breaks off
	KindNoHost        Kind = "no-host"        // (all) the endpoint's name does not resolve
	KindTimeout       Kind = "timeout"        // no answer, or a body that stalls, within the deadline
	KindCorrupt       Kind = "corrupt"        // an answer that is shorter, longer or elsewhere than asked for
	KindBusy          Kind = "busy"           // the server answers 429 or 5xx
	KindUnavailable   Kind = "unavailable"    // (all) the breaker is open: not asked, because the server is down
	KindInvalid       Kind = "invalid"        // the address or the range asked for cannot be
	KindOther         Kind = "other"          // none of these; Err says more
)

// words are what a kind means to a user, and what to do about it.
var words = map[Kind]struct{ what, remedy string }{
	KindNotFound:      {"there is no such object", "check the address; upper and lower case differ"},
	KindNoBucket:      {"there is no such bucket", "check the bucket's name and the endpoint"},
	KindDenied:        {"access is denied", "the credentials need permission for this object (s3:GetObject, s3:ListBucket; s3:PutObject to write)"},
	KindBadKey:        {"the access key is not known to the server", "check AWS_ACCESS_KEY_ID or the profile"},
	KindBadSecret:     {"the secret key does not fit the access key", "check AWS_SECRET_ACCESS_KEY or the profile"},
	KindNoCredentials: {"there are no credentials", "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile; for a public bucket ask for anonymous access"},
	KindExpired:       {"the credentials have expired", "get new ones and run again"},
	KindClock:         {"the clock of this machine and that of the server differ too much", "set the clock (NTP)"},
	KindChanged:       {"the object changed while it was being read", "run again"},
	KindTLS:           {"no trusted TLS connection", "check the endpoint (http or https), or name the authority's certificate file as CA"},
	KindUnreachable:   {"the server cannot be reached", "check the endpoint, its port and the network"},
	KindNoHost:        {"the host name is not known", "check the endpoint and DNS"},
	KindTimeout:       {"the server did not answer in time", "check the network, or allow more time"},
	KindCorrupt:       {"the answer is not what was asked for", "something between here and the server damages it: check proxies"},
	KindBusy:          {"the server is overloaded or failing", "run again later, or with fewer requests at once"},
	KindUnavailable:   {"object storage is not available", "run again when it is: what is finished is kept"},
}

// Error is what every operation of a Store fails with, unless its context ended.
type Error struct {
	// Op is the operation, such as "reading".
	Op  string
	URI string
	// Kind says what went wrong; Code is the server's own word for it, if it said one.
	Kind Kind
	Code string
	// Remedy says what to do; "" means the kind's usual one.
	Remedy string
	// Attempts is how often the server was asked, 0 when not at all.
	Attempts int
	// Err is the cause.
	Err error
	// server says that the server, not the object, is to blame.
	server bool
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: ", e.Op, e.URI)
	w := words[e.Kind]
	cause := brief(e.Err)
	switch {
	case w.what == "":
		b.WriteString(cause)
	case e.Code != "":
		fmt.Fprintf(&b, "%s (%s)", w.what, e.Code)
	case cause == "":
		b.WriteString(w.what)
	default:
		fmt.Fprintf(&b, "%s (%s)", w.what, cause)
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, " in %d attempts", e.Attempts)
	}
	if r := cmp.Or(e.Remedy, w.remedy); r != "" {
		b.WriteString(": " + r)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// Is makes fs.ErrNotExist of a missing object or bucket, and fs.ErrPermission of denied access.
func (e *Error) Is(target error) bool {
	switch target {
	case fs.ErrNotExist:
		return e.Kind == KindNotFound || e.Kind == KindNoBucket
	case fs.ErrPermission:
		return e.Kind == KindDenied
	}
	return false
}

// Unavailable reports whether nothing can be had from the storage now, whatever the object: going on would lose
// everything.
func (e *Error) Unavailable() bool {
	switch e.Kind {
	case KindUnavailable, KindBadKey, KindBadSecret, KindNoCredentials, KindExpired, KindClock, KindTLS, KindNoHost:
		return true
	}
	return false
}

// brief is the part of an SDK's error that tells a user something.
func brief(err error) string {
	var api smithy.APIError
	var op *net.OpError
	var missing *noCredentials
	switch {
	case err == nil:
		return ""
	case errors.As(err, &missing):
		err = missing.cause
	case errors.As(err, &api) && vague[api.ErrorCode()]:
		return ""
	case errors.As(err, &api):
		return strings.TrimSuffix(strings.TrimPrefix(api.ErrorCode()+": "+api.ErrorMessage(), ": "), ": ")
	case errors.As(err, &op):
		err = op
	default:
		for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
			err = next
		}
	}
	const most = 300
	s := err.Error()
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// kindOf is the kind of an error in err's chain, "" without one.
func kindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}
