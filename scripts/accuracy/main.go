// Command accuracy measures how right the product is, and writes docs/accuracy.md.
//
//	TUBAN_TESTDATA=folder go run ./scripts/accuracy -work folder
//	TUBAN_TESTDATA=folder go run ./scripts/accuracy rgb [-print]
//
// It builds tuban, simulates counties, runs them and the labelled pairs of TUBAN_TESTDATA, has tuban assess measure each product, and
// puts the numbers into tables. Without TUBAN_TESTDATA the document says what is missing. Counties and products stay in the work
// folder: what another start finds there unchanged is not made again.
//
// With rgb it measures the model that the rules ship for pairs of red, green and blue images, on pairs that it was
// not trained on, or trains it (-print).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, os.Getenv("TUBAN_TESTDATA"), os.Args[1:], os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "accuracy:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, data string, args []string, out, progress io.Writer) error {
	if len(args) > 0 && args[0] == "rgb" {
		if data == "" {
			return errors.New("TUBAN_TESTDATA is not set: set it to the folder of the labelled pairs")
		}
		return rgbModel(ctx, data, args[1:], out)
	}
	o, err := parseOptions(args, progress)
	if err != nil {
		return err
	}
	o.data = data
	return writeDocument(ctx, o, progress)
}
