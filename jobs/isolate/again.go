package isolate

import (
	"fmt"
	"os"
	"strings"
)

// again returns the arguments that start this program once more with args, its own name first; the file to start is
// /proc/self/exe. Where the program was started through a dynamic loader, as the offline bundle does on systems
// whose own is too old, /proc/self/exe is the loader, and what the loader was told comes before args.
func again(args []string) ([]string, error) {
	line, err := os.ReadFile("/proc/self/cmdline")
	if err != nil {
		return nil, fmt.Errorf("how this program was started: %w", err)
	}
	return append(before(line, os.Args), args...), nil
}

// before returns what comes before the arguments of a program in its command line, which the kernel ends with zeros;
// own are the program's name and arguments as it sees them itself.
func before(line []byte, own []string) []string {
	words := strings.Split(strings.TrimSuffix(string(line), "\x00"), "\x00")
	n := len(words) - (len(own) - 1)
	if n <= 1 {
		return own[:1:1]
	}
	return words[:n:n]
}
