// Command delay passes TCP connections on, and what the client sends arrives later: as over a wire of some length, without
// less coming through it. Each request over a connection that is there then takes so much longer.
//
//	delay -listen 127.0.0.1:7071 -to 127.0.0.1:7070 -by 15ms
package main

import (
	"errors"
	"flag"
	"io"
	"log"
	"net"
	"time"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "`address` for clients")
	to := flag.String("to", "", "`address` of the server")
	by := flag.Duration("by", 15*time.Millisecond, "what is added to each request")
	flag.Parse()
	l, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(serve(l, *to, *by))
}

// serve passes on what l accepts, until l is closed.
func serve(l net.Listener, to string, by time.Duration) error {
	for {
		client, err := l.Accept()
		if err != nil {
			return err
		}
		go pass(client, to, by)
	}
}

// pass joins a client with the server until one of them has enough.
func pass(client net.Conn, to string, by time.Duration) {
	defer client.Close()
	server, err := net.Dial("tcp", to)
	if err != nil {
		log.Print(err)
		return
	}
	go func() {
		// The end of a client's stream is passed on like the rest: the server may still be answering.
		_ = later(server, client, by)
		_ = server.(*net.TCPConn).CloseWrite()
	}()
	_, _ = io.Copy(client, server)
	_ = server.Close()
}

// piece is what was read at once, and when it may go on.
type piece struct {
	bytes []byte
	due   time.Time
}

// later copies src to dst, each byte by so much later than it came. It reads on while what it read waits.
func later(dst io.Writer, src io.Reader, by time.Duration) error {
	pieces := make(chan piece, 1024)
	var failed error
	go func() {
		defer close(pieces)
		for {
			buf := make([]byte, 32<<10)
			n, err := src.Read(buf)
			if n > 0 {
				pieces <- piece{buf[:n], time.Now().Add(by)}
			}
			if err != nil {
				if !errors.Is(err, io.EOF) {
					failed = err
				}
				return
			}
		}
	}()
	var writing error
	for p := range pieces {
		<-time.After(time.Until(p.due))
		if writing == nil {
			_, writing = dst.Write(p.bytes)
		}
	}
	return errors.Join(failed, writing)
}
