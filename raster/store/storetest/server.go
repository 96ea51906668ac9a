// Package storetest runs a real S3 server on loopback for tests, and stands between it and a client to inject faults.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

// version is the server's, which scripts/storage.sh builds.
const version = "v1.8.0"

// T is what is needed of *testing.T and *testing.B.
type T interface {
	Helper()
	Skipf(format string, args ...any)
	Fatalf(format string, args ...any)
	Cleanup(f func())
	TempDir() string
}

// Server is an S3 server with one account. It wants path-style addresses.
type Server struct {
	// Endpoint is its URL.
	Endpoint string
	// Key and Secret are the account's.
	Key, Secret string
	// Root is the folder that it serves: a folder in it is a bucket, a file below that an object.
	Root string
}

// Env is the environment that a client of the server needs.
func (s *Server) Env() map[string]string {
	return map[string]string{
		"AWS_ENDPOINT_URL": s.Endpoint, "AWS_ACCESS_KEY_ID": s.Key, "AWS_SECRET_ACCESS_KEY": s.Secret,
		"AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
	}
}

// Bucket makes a bucket and returns its folder.
func (s *Server) Bucket(t T, name string) string {
	t.Helper()
	dir := filepath.Join(s.Root, name)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatalf("making the bucket %s: %v", name, err)
	}
	return dir
}

// Start runs a server until the test ends. It skips the test where the server is not built.
func Start(t T) *Server {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	bin := filepath.Join(filepath.Dir(here), "../../../.tools/versitygw-"+version)
	if _, err := os.Stat(bin); err != nil {
		t.Skipf("no S3 server: nothing was tested against object storage. Build it with scripts/storage.sh")
	}
	s := &Server{Key: "tuban", Secret: "a-secret-for-tests", Root: t.TempDir()}
	side := t.TempDir() // some file systems have no extended attributes
	var last error
	for range 3 { // a port that was free may be taken a moment later
		if last = s.run(t, bin, side); last == nil {
			return s
		}
	}
	t.Fatalf("starting the S3 server: %v", last)
	return nil
}

// leash runs a command and ends it when standard input does: also when the test was killed.
const leash = `exec 3<&0; "$@" <&- & child=$!; { read -r _ <&3; kill -9 $child; } & wait $child`

func (s *Server) run(t T, bin, side string) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	address := l.Addr().String()
	l.Close()
	log, err := os.Create(filepath.Join(t.TempDir(), "server.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command("sh", "-c", leash, "sh", bin, "--port", address, "--access", s.Key, "--secret", s.Secret, "--health", "/health",
		"--keep-alive", "--quiet", "posix", "--sidecar", side, s.Root)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Env = []string{"HOME=" + side, "PATH=" + os.Getenv("PATH")}
	held, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	exited := make(chan struct{})
	go func() { _ = cmd.Wait(); close(exited) }()
	stop := func() { held.Close(); <-exited }
	s.Endpoint = "http://" + address
	if err := ready(s.Endpoint+"/health", exited); err != nil {
		stop()
		said, _ := os.ReadFile(log.Name())
		return fmt.Errorf("%w; it said: %s", err, said)
	}
	t.Cleanup(stop)
	return nil
}

// ready waits until the server answers.
func ready(url string, exited <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		if res, err := http.DefaultClient.Do(req); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-tick.C:
		case <-exited:
			return errors.New("it ended at once")
		case <-ctx.Done():
			return errors.New("it does not answer")
		}
	}
}
