package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"runtime/trace"

	"tuban/pipeline"
)

// The files of a profile.
const (
	cpuProfile  = "cpu.pprof"
	heapProfile = "heap.pprof"
	traceFile   = "trace.out"
	timesFile   = "times.json"
)

// startProfile records in dir what this process does, the one that does the work: where the processors' time goes, what
// happens when, what the heap holds in the end, and the sums of the account. Without dir nothing is recorded. stop ends it.
func startProfile(dir string, account *pipeline.Account) (stop func() error, err error) {
	if dir == "" {
		return func() error { return nil }, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, inputError(fmt.Errorf("--profile: %w", err))
	}
	cpu, err := os.Create(filepath.Join(dir, cpuProfile))
	if err != nil {
		return nil, inputError(fmt.Errorf("--profile: %w", err))
	}
	events, err := os.Create(filepath.Join(dir, traceFile))
	if err != nil {
		return nil, errors.Join(inputError(fmt.Errorf("--profile: %w", err)), cpu.Close())
	}
	if err = pprof.StartCPUProfile(cpu); err == nil {
		if err = trace.Start(events); err != nil {
			pprof.StopCPUProfile()
		}
	}
	if err != nil {
		return nil, errors.Join(err, cpu.Close(), events.Close())
	}
	return func() error {
		sums := account.Sums()
		trace.Stop()
		pprof.StopCPUProfile()
		return errors.Join(cpu.Close(), events.Close(), writeHeap(filepath.Join(dir, heapProfile)), writeTimes(filepath.Join(dir, timesFile), sums))
	}, nil
}

func writeHeap(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	runtime.GC()
	return errors.Join(pprof.WriteHeapProfile(f), f.Close())
}

// writeTimes leaves the sums for programs; times are in nanoseconds.
func writeTimes(path string, s pipeline.Sums) error {
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(b, '\n'), 0o644)
}
