package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
)

// HashFile is the SHA-256 of a file, in hexadecimal.
func HashFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", NewInputError(err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("reading %s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// DescribeOutput hashes a finished file below dir, and makes sure that it is on the disk, so that a manifest may name it.
func DescribeOutput(dir, name string) (Output, error) { return describeOutput(dir, name) }

// ReplaceFile writes path by way of a temporary file beside it: it appears whole or not at all, and survives a power loss.
func ReplaceFile(path string, write func(io.Writer) error) error { return replaceFile(path, write) }
