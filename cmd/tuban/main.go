// Command tuban compares imagery of two dates with last year's land survey and writes the change polygons, pictures
// and report that an enforcement team works with.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"tuban/jobs/isolate"
	"tuban/raster/gdal"
)

func main() { os.Exit(process(gdal.Watch)) }

// process executes this process's command line; watch is given the watcher of one that runs as another's child.
func process(watch func(gdal.Watcher)) int {
	child, err := isolate.Join()
	if err != nil {
		fmt.Fprintln(os.Stderr, "tuban:", err)
		return exitFailed
	}
	if child != nil {
		watch(watcher{child})
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	child.Finish(code)
	return code
}
