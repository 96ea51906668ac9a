package isolate

import (
	"io"
	"os"
	"os/exec"
	"syscall"
)

// process is a child that was started.
type process struct {
	cmd      *exec.Cmd
	alive    *os.File // its other end closes when this process dies
	ended    chan struct{}
	listener listener
}

// start starts a child that is to end with this process.
func start(o Options, b *board) (*process, error) {
	args, err := again(o.Args)
	if err != nil {
		return nil, err
	}
	child, alive, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer child.Close()
	said, says, err := os.Pipe()
	if err != nil {
		alive.Close()
		return nil, err
	}
	defer says.Close()
	// The file of this process may be replaced while it runs; a child must be the same program.
	cmd := exec.Command("/proc/self/exe")
	cmd.Args = args
	cmd.Stdin, cmd.Stdout, cmd.Stderr = o.Stdin, o.Stdout, o.Stderr
	cmd.ExtraFiles = []*os.File{b.file, child, says}
	cmd.Env = append(os.Environ(), boardVariable+"=3,4,5")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		alive.Close()
		said.Close()
		return nil, err
	}
	c := &process{cmd: cmd, alive: alive, ended: make(chan struct{}), listener: listener{to: o.Stderr}}
	if o.Stderr == nil {
		c.listener.to = io.Discard
	}
	heard := make(chan struct{})
	go func() {
		c.listener.listen(said)
		said.Close()
		close(heard)
	}()
	go func() {
		_ = cmd.Wait()
		<-heard
		close(c.ended)
	}()
	return c, nil
}

func (c *process) close() { c.alive.Close() }
