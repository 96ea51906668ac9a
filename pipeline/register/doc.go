// Package register keeps the register (台账) of what people decided about patches: office decisions, releases to counties, and
// what counties returned. It is a folder with one append-only file of events, each of which names the hash of the one before it, so
// that nothing can be changed or taken out unnoticed; state is what the events say together. The embedded default needs no
// server; a service keeps the same events in its database.
package register
