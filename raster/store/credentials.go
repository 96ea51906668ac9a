package store

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// noCredentials says that the standard chain found nothing, and why.
type noCredentials struct{ cause error }

func (e *noCredentials) Error() string { return "looking for credentials: " + e.cause.Error() }
func (e *noCredentials) Unwrap() error { return e.cause }

// credentials gives what the standard chain finds, and can look again: a file or a role may have changed when what
// it gave expires.
type credentials struct {
	// load makes the chain anew, so that files are read again.
	load func(ctx context.Context) (aws.CredentialsProvider, error)
	// limit bounds a look-up.
	limit time.Duration

	mu    sync.Mutex
	chain aws.CredentialsProvider
	// age counts the refreshes.
	age int
}

// Retrieve implements aws.CredentialsProvider.
func (c *credentials) Retrieve(ctx context.Context) (aws.Credentials, error) {
	c.mu.Lock()
	chain := c.chain
	c.mu.Unlock()
	if chain == nil {
		return aws.Credentials{}, &noCredentials{fmt.Errorf("the chain is empty")}
	}
	look, cancel := context.WithTimeout(ctx, c.limit)
	defer cancel()
	found, err := chain.Retrieve(look)
	if err != nil && ctx.Err() == nil {
		err = &noCredentials{err}
	}
	return found, err
}

// generation numbers what Retrieve gives now.
func (c *credentials) generation() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.age
}

// refresh drops the credentials of a generation. Of many who find them expired, one does it.
func (c *credentials) refresh(ctx context.Context, generation int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.age != generation {
		return nil
	}
	chain, err := c.load(ctx)
	if err != nil {
		return &noCredentials{err}
	}
	c.chain, c.age = chain, c.age+1
	return nil
}
