package store

import "sync"

// What a retry costs, as in the SDK's own retryer: a hundred retries in a row, then only as many as successes pay for.
const (
	budgetFull    = 500
	costRetry     = 5
	costTimeout   = 10
	gainNoRetries = 1
)

// budget bounds the retries of a whole Store, so that many readers of a failing server do not become a storm.
type budget struct {
	mu   sync.Mutex
	left int
}

// take pays for a retry, or reports that nothing is left for it.
func (b *budget) take(cost int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left < cost {
		return false
	}
	b.left -= cost
	return true
}

// give pays back for a success.
func (b *budget) give(gain int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left = min(budgetFull, b.left+gain)
}
