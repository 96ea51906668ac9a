package main

import (
	"bytes"
	"errors"
	"io"
	"net"
	"testing"
	"time"
)

// What is sent comes back unchanged, and no answer comes before its time.
func TestLater(t *testing.T) {
	const by = 20 * time.Millisecond
	echo := listen(t, func(l net.Listener) {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_, _ = io.Copy(c, c)
			}()
		}
	})
	wire := listen(t, func(l net.Listener) { _ = serve(l, echo, by) })
	c, err := net.Dial("tcp", wire)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, n := range []int{1, 100_000} {
		sent := bytes.Repeat([]byte("map"), n)
		began := time.Now()
		go func() { _, _ = c.Write(sent) }()
		got := make([]byte, len(sent))
		if _, err := io.ReadFull(c, got); err != nil {
			t.Fatal(err)
		}
		if d := time.Since(began); d < by {
			t.Errorf("%d bytes came back after %v, before %v", len(sent), d, by)
		}
		if !bytes.Equal(got, sent) {
			t.Errorf("%d bytes came back as others", len(sent))
		}
	}
	if err := c.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("after the end of what was sent: %d bytes, %v; want the end", n, err)
	}
}

// listen serves on a free port until the test ends, and returns its address.
func listen(t *testing.T, serve func(net.Listener)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go serve(l)
	return l.Addr().String()
}
