package store

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/logging"
)

// remote is the S3 side of a Store.
type remote struct {
	opts Options
	tuning
	s3    *s3.Client
	creds *credentials // nil for anonymous access

	// slots bounds the requests at once.
	slots   chan struct{}
	budget  budget
	breaker breaker
	count   counters

	mu sync.Mutex
	// regions is where servers said that buckets are.
	regions map[string]string
	// seen are buckets that exist: something was had from them.
	seen map[string]bool
}

type counters struct{ requests, bytes, retries, hits atomic.Int64 }

// connect prepares a client. It reads the shared configuration files and contacts nothing.
func connect(ctx context.Context, o Options, t tuning, roots *x509.CertPool) (*remote, error) {
	r := &remote{
		opts: o, tuning: t, slots: make(chan struct{}, o.Requests), budget: budget{left: budgetFull},
		breaker: breaker{now: t.now, after: t.probe}, regions: map[string]string{}, seen: map[string]bool{},
	}
	transport := awshttp.NewBuildableClient().
		WithDialerOptions(func(d *net.Dialer) { d.Timeout = min(o.Timeout, 10*time.Second) }).
		WithTransportOptions(func(tr *http.Transport) {
			tr.MaxIdleConns, tr.MaxIdleConnsPerHost = o.Requests, o.Requests
			tr.ResponseHeaderTimeout = o.Timeout
			tr.TLSHandshakeTimeout = min(o.Timeout, 10*time.Second)
			if roots != nil {
				tr.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
			}
		})
	load := func(ctx context.Context) (aws.Config, error) {
		opts := []func(*config.LoadOptions) error{config.WithHTTPClient(transport), config.WithLogger(logging.Nop{})}
		if o.Profile != "" {
			opts = append(opts, config.WithSharedConfigProfile(o.Profile))
		}
		if o.Region != "" {
			opts = append(opts, config.WithRegion(o.Region))
		}
		if o.Anonymous {
			opts = append(opts, config.WithCredentialsProvider(aws.AnonymousCredentials{}))
		}
		return config.LoadDefaultConfig(ctx, opts...)
	}
	cfg, err := load(ctx)
	if err != nil {
		return nil, configError(err)
	}
	if !o.Anonymous {
		r.creds = &credentials{limit: t.lookup, chain: cfg.Credentials, load: func(ctx context.Context) (aws.CredentialsProvider, error) {
			cfg, err := load(ctx)
			return cfg.Credentials, err
		}}
		cfg.Credentials = r.creds
	}
	if cfg.Region == "" {
		cfg.Region = "us-east-1" // where S3 itself says in which region a bucket is
	}
	r.s3 = s3.NewFromConfig(cfg, func(so *s3.Options) {
		if o.Endpoint != "" {
			so.BaseEndpoint = aws.String(o.Endpoint)
		}
		so.UsePathStyle = so.BaseEndpoint != nil
		if o.PathStyle != nil {
			so.UsePathStyle = *o.PathStyle
		}
		so.Retryer = aws.NopRetryer{} // attempts are ours, because bodies must be covered as well
		so.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		so.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
		so.DisableLogOutputChecksumValidationSkipped = true
	})
	return r, nil
}

func configError(err error) error {
	var profile config.SharedConfigProfileNotExistError
	if errors.As(err, &profile) {
		return &noCredentials{fmt.Errorf("the profile %q is in none of the shared configuration files", profile.Profile)}
	}
	return fmt.Errorf("reading the AWS configuration: %w", err)
}

// trusted returns the system's certificates and those of a file; nil without one.
func trusted(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("object storage: reading the CA file: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("object storage: the CA file %s has no certificate in PEM form", file)
	}
	return pool, nil
}

// at directs a request to the region of the bucket, if a server named one.
func (r *remote) at(bucket string) func(*s3.Options) {
	r.mu.Lock()
	region := r.regions[bucket]
	r.mu.Unlock()
	return func(o *s3.Options) {
		if region != "" {
			o.Region = region
		}
	}
}

// moved notes where a bucket is, and reports whether that is news.
func (r *remote) moved(bucket, region string) bool {
	if region == "" {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.regions[bucket] != "" || region == r.s3.Options().Region {
		return false
	}
	r.regions[bucket] = region
	return true
}

// exists notes that a bucket is there.
func (r *remote) exists(bucket string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen[bucket] = true
}

func (r *remote) known(bucket string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seen[bucket]
}
