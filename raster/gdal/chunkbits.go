package gdal

import "sync"

// chunkBits remember something of each chunk of a file, yes or no, two bits each, in rows that begin to exist when asked for.
type chunkBits struct {
	mu   sync.Mutex
	rows map[int][]uint64
}

func (a *chunkBits) get(cx, cy int) (known, yes bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	row := a.rows[cy]
	if cx/32 >= len(row) {
		return false, false
	}
	bits := row[cx/32] >> (cx % 32 * 2)
	return bits&1 != 0, bits&2 != 0
}

func (a *chunkBits) set(cx, cy int, yes bool) {
	bits := uint64(1)
	if yes {
		bits = 3
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.rows == nil {
		a.rows = map[int][]uint64{}
	}
	row := a.rows[cy]
	for cx/32 >= len(row) {
		row = append(row, 0)
	}
	row[cx/32] |= bits << (cx % 32 * 2)
	a.rows[cy] = row
}
