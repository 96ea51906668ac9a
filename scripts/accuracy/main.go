// Command accuracy measures, on labelled pairs of images, how well textbook methods of change detection do without
// labels, as what the rules have to be better than.
//
//	TUBAN_TESTDATA=/path/to/data go run ./scripts/accuracy
//	TUBAN_TESTDATA=/path/to/data go run ./scripts/accuracy rgb [-print]
//
// It writes Markdown to standard output. Limits are found from each scene's statistic alone; the reference is
// used for nothing but the score. With rgb it measures the model that the rules ship for pairs of red, green and blue images
// instead, on pairs that it was not trained on, or trains it (-print).
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Getenv("TUBAN_TESTDATA"), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "accuracy:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, data string, args []string, out io.Writer) error {
	if data == "" {
		return errors.New("TUBAN_TESTDATA is not set: set it to the folder of the labelled pairs")
	}
	if len(args) > 0 && args[0] == "rgb" {
		return rgbModel(ctx, data, args[1:], out)
	}
	for _, s := range sets {
		scenes, results, err := measure(ctx, data, s)
		if err != nil {
			return err
		}
		if err := writeTable(out, s.name, scenes, results); err != nil {
			return err
		}
	}
	return nil
}
