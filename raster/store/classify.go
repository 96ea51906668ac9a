package store

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Reasons of our own for ending an attempt.
var (
	errStalled = errors.New("the transfer stalled")
	errSlow    = errors.New("the attempt took too long")
	errChanged = errors.New("another version answers")
)

// corrupt is an answer that is not what was asked for; asking again may help.
type corrupt struct{ what string }

func (c *corrupt) Error() string { return c.what }

const (
	maxAttempts     = 5
	refusedAttempts = 3 // nobody listens there: likelier a wrong port than a restart
)

// verdict is what an attempt's error means.
type verdict struct {
	kind Kind
	code string
	// limit is after how many attempts the error is final; 1 is at once.
	limit int
	// outage says that the server, not the object, is to blame.
	outage bool
	// after is how long the server asks to wait.
	after time.Duration
	// region is where the server says that the bucket is.
	region string
}

func classify(err error) verdict {
	var bad *corrupt
	var none *noCredentials
	switch {
	case errors.As(err, &bad):
		return verdict{kind: KindCorrupt, limit: maxAttempts}
	case errors.Is(err, errChanged):
		return verdict{kind: KindChanged, limit: 1}
	case errors.Is(err, errStalled), errors.Is(err, errSlow):
		return verdict{kind: KindTimeout, limit: maxAttempts, outage: true}
	case errors.As(err, &none):
		return verdict{kind: KindNoCredentials, limit: 1, outage: true} // every request would look as long again
	}
	var answer *smithyhttp.ResponseError
	// Without an answer there is such an error too, with an empty one.
	if errors.As(err, &answer) && answer.Response != nil && answer.Response.Response != nil && answer.HTTPStatusCode() != 0 {
		return classifyAnswer(err, answer)
	}
	return classifyConnection(err)
}

// kinds of the codes that S3 servers use.
var kinds = map[string]Kind{
	"NoSuchKey": KindNotFound, "NoSuchVersion": KindNotFound,
	"NoSuchBucket": KindNoBucket,
	"AccessDenied": KindDenied, "AllAccessDisabled": KindDenied, "AccountProblem": KindDenied,
	"InvalidAccessKeyId": KindBadKey, "InvalidToken": KindBadKey,
	"XAdminUserNotFound":    KindBadKey, // versitygw, with status 404
	"SignatureDoesNotMatch": KindBadSecret,
	"ExpiredToken":          KindExpired, "ExpiredTokenException": KindExpired,
	"RequestExpired": KindExpired, "TokenRefreshRequired": KindExpired,
	"RequestTimeTooSkewed": KindClock,
	"PreconditionFailed":   KindChanged,
	"InvalidRange":         KindChanged, // ranges lie within the pinned size
	"SlowDown":             KindBusy, "Throttling": KindBusy, "ThrottlingException": KindBusy,
	"TooManyRequests": KindBusy, "RequestLimitExceeded": KindBusy, "ServiceUnavailable": KindBusy,
	"InternalError":  KindBusy,
	"RequestTimeout": KindTimeout,
	"NoSuchUpload":   KindOther,
}

// vague are codes that the SDK makes of a status when the answer has no body.
var vague = map[string]bool{
	"NotFound": true, "Forbidden": true, "BadRequest": true, "Unauthorized": true, "UnknownError": true,
	"MovedPermanently": true, "PreconditionFailed": true,
}

func classifyAnswer(err error, answer *smithyhttp.ResponseError) verdict {
	status := answer.HTTPStatusCode()
	v := verdict{limit: 1, region: answer.Response.Header.Get("X-Amz-Bucket-Region")}
	if s, err := strconv.Atoi(answer.Response.Header.Get("Retry-After")); err == nil && s > 0 {
		v.after = time.Duration(s) * time.Second
	}
	var api smithy.APIError
	if errors.As(err, &api) && !vague[api.ErrorCode()] {
		v.code = api.ErrorCode()
	}
	v.kind = kinds[v.code]
	switch {
	case v.kind != "":
	case status >= 500, status == http.StatusTooManyRequests:
		v.kind = KindBusy
	case status == http.StatusRequestTimeout:
		v.kind = KindTimeout
	case status == http.StatusNotFound:
		v.kind = KindNotFound
	case status == http.StatusForbidden, status == http.StatusUnauthorized:
		v.kind = KindDenied
	case status == http.StatusPreconditionFailed, status == http.StatusRequestedRangeNotSatisfiable:
		v.kind = KindChanged
	case status < 300: // the body was cut short or is no XML
		return verdict{kind: KindCorrupt, limit: maxAttempts}
	default:
		v.kind = KindOther
	}
	if v.kind == KindBusy || v.kind == KindTimeout {
		v.limit, v.outage = maxAttempts, true
	}
	return v
}

func classifyConnection(err error) verdict {
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return verdict{kind: KindNoHost, limit: 1, outage: true}
	case isTLS(err):
		return verdict{kind: KindTLS, limit: 1, outage: true}
	case errors.Is(err, syscall.ECONNREFUSED):
		return verdict{kind: KindUnreachable, limit: refusedAttempts, outage: true}
	case errors.As(err, &timeout) && timeout.Timeout():
		return verdict{kind: KindTimeout, limit: maxAttempts, outage: true}
	case errors.As(err, &timeout), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &dns):
		return verdict{kind: KindUnreachable, limit: maxAttempts, outage: true}
	}
	return verdict{kind: KindOther, limit: 1}
}

func isTLS(err error) bool {
	var verify *tls.CertificateVerificationError
	var header tls.RecordHeaderError
	var alert tls.AlertError
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &verify) || errors.As(err, &header) || errors.As(err, &alert) ||
		errors.As(err, &authority) || errors.As(err, &host) || errors.As(err, &invalid) ||
		errors.Is(err, http.ErrSchemeMismatch)
}
