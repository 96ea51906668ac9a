package pipeline

import "io"

// DescribeOutput hashes a finished file below dir, and makes sure that it is on the disk, so that a manifest may name it.
func DescribeOutput(dir, name string) (Output, error) { return describeOutput(dir, name) }

// ReplaceFile writes path by way of a temporary file beside it: it appears whole or not at all, and survives a power loss.
func ReplaceFile(path string, write func(io.Writer) error) error { return replaceFile(path, write) }
