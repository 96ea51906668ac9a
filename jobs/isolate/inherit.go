package isolate

import (
	"os"
	"syscall"
)

// endWith ends this process when the other end of the pipe fd closes, which its parent holds open until it dies.
// The kernel's own signal on the parent's death can be lost between fork and exec.
func endWith(fd int) error {
	if err := syscall.SetNonblock(fd, true); err != nil {
		return err
	}
	f := os.NewFile(uintptr(fd), "parent")
	go func() {
		_, _ = f.Read(make([]byte, 1))
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}()
	return nil
}

// divertStderr puts the pipe fd in place of standard error, onto which the Go runtime, the C library and C++ write
// what they have to say of a crash, and makes os.Stderr lead where standard error led. It returns what os.Stderr was.
func divertStderr(fd int) (*os.File, error) {
	terminal, err := syscall.Dup(2)
	if err != nil {
		return nil, err
	}
	syscall.CloseOnExec(terminal)
	if err := syscall.Dup3(fd, 2, 0); err != nil {
		return nil, err
	}
	was := os.Stderr
	os.Stderr = os.NewFile(uintptr(terminal), "/dev/stderr")
	return was, syscall.Close(fd)
}
