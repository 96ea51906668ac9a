// Package postgistest runs a PostgreSQL server with PostGIS for tests, in a folder of its own and behind a socket in it.
package postgistest

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// T is what is needed of *testing.T and *testing.B.
type T interface {
	Helper()
	Skipf(format string, args ...any)
	Fatalf(format string, args ...any)
	Cleanup(f func())
}

// Server is a running server with one database.
type Server struct {
	// URL is the address of the database.
	URL  string
	psql string
	as   *syscall.Credential
}

// Start starts a server that lives as long as the test; without PostgreSQL and PostGIS the test is skipped and says so.
func Start(t T) *Server {
	t.Helper()
	initdb := program(t, "initdb")
	// The path of a socket has at most 107 bytes: the test's own folder may be deeper.
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		t.Fatalf("%v", err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s := &Server{URL: "postgresql://postgres@/postgres?host=" + dir, psql: program(t, "psql")}
	if os.Getuid() == 0 { // the server refuses to run as root
		s.as = nobody(t)
		if err := os.Chown(dir, int(s.as.Uid), int(s.as.Gid)); err != nil {
			t.Fatalf("%v", err)
		}
	}
	data := filepath.Join(dir, "data")
	if out, err := s.command(initdb, "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync").CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v: %s", err, out)
	}
	s.serve(t, data, dir)
	if out, err := s.query("CREATE EXTENSION postgis"); err != nil {
		t.Skipf("SKIPPED: no PostGIS in this PostgreSQL (%v: %s): apt-get install postgresql-15-postgis-3", err, out)
	}
	return s
}

// serve starts the server and returns when it says that it is ready.
func (s *Server) serve(t T, data, socket string) {
	t.Helper()
	server := s.command(program(t, "postgres"), "-D", data, "-k", socket, "-c", "listen_addresses=", "-c", "fsync=off")
	said, err := server.StderrPipe()
	if err == nil {
		err = server.Start()
	}
	if err != nil {
		t.Fatalf("starting PostgreSQL: %v", err)
	}
	t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGINT) // its fast way to stop
		_ = server.Wait()
	})
	lines := bufio.NewReader(said)
	var all strings.Builder
	for {
		line, err := lines.ReadString('\n')
		all.WriteString(line)
		if err != nil {
			t.Fatalf("PostgreSQL did not start: %s", all.String())
		}
		if strings.Contains(line, "ready to accept connections") {
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, lines) }()
}

// Query returns what psql prints of a query: a line per row, columns separated by |.
func (s *Server) Query(t T, sql string) string {
	t.Helper()
	out, err := s.query(sql)
	if err != nil {
		t.Fatalf("%s: %v: %s", sql, err, out)
	}
	return out
}

func (s *Server) query(sql string) (string, error) {
	out, err := s.command(s.psql, "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql, s.URL).CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

func (s *Server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = "/"
	if s.as != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.as}
	}
	return cmd
}

// program finds a program of PostgreSQL, which Debian keeps out of the path.
func program(t T, name string) string {
	t.Helper()
	if path, err := exec.LookPath(name); err == nil && name == "psql" {
		return path
	}
	there, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	slices.Sort(there)
	if len(there) > 0 {
		return there[len(there)-1]
	}
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("SKIPPED: no %s here: apt-get install postgresql-15 postgresql-15-postgis-3", name)
	}
	return path
}

// nobody is the account that the package of PostgreSQL makes.
func nobody(t T) *syscall.Credential {
	t.Helper()
	u, err := user.Lookup("postgres")
	if err != nil {
		t.Skipf("SKIPPED: tests run as root, and there is no user postgres to run PostgreSQL as: apt-get install postgresql-15")
		return nil
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	if err1 != nil || err2 != nil {
		t.Fatalf("the user postgres has no numbers: %s %s", u.Uid, u.Gid)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}
