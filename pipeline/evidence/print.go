package evidence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"

	"github.com/chromedp/chromedp"
	"golang.org/x/sync/errgroup"

	"tuban/pipeline"
)

// browsers are the programs that print, in the order in which they are looked for.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"}

// findBrowser returns the program that prints.
func findBrowser(given string) (string, error) {
	list := browsers
	if given != "" {
		list = []string{given}
	}
	for _, name := range list {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	if given != "" {
		return "", pipeline.NewInputError(fmt.Errorf("--browser %s: there is no such program: name Chromium or Chrome", given))
	}
	return "", pipeline.NewInputError(errors.New("PDF needs a browser, and none is installed: apt-get install chromium fonts-noto-cjk, name one with --browser, or leave --pdf out and print the HTML sheets"))
}

// pdfStamp ends a PDF: a comment that says which sheet it was printed from.
func pdfStamp(stamp string) []byte { return []byte("\n% tuban-sheet " + stamp + "\n") }

// hasPDF reports whether the file at path was printed from the sheet with this stamp. A PDF appears whole.
func hasPDF(path, stamp string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	want := pdfStamp(stamp)
	end := make([]byte, len(want))
	if _, err := f.Seek(-int64(len(want)), io.SeekEnd); err != nil {
		return false
	}
	_, err = io.ReadFull(f, end)
	return err == nil && bytes.Equal(end, want)
}

// printing is an HTML file that becomes a PDF; its stamp says what is in it.
type printing struct{ from, to, stamp string }

// print leaves a PDF beside each sheet that has none of the same content, and where it is asked for the volumes of the counties. It
// returns how many it made. One browser prints them all, in a tab for each worker.
func (m *maker) print(ctx context.Context) (int, error) {
	program, err := findBrowser(m.o.Browser)
	if err != nil {
		return 0, err
	}
	var all []printing
	for _, s := range m.subjects {
		all = append(all, printing{m.path(s), m.pdf(s), m.stamps[s]})
	}
	if m.o.Volumes {
		volumes, err := m.volumes()
		if err != nil {
			return 0, err
		}
		all = append(all, volumes...)
		defer func() {
			for _, v := range volumes {
				os.Remove(v.from)
			}
		}()
	}
	todo := slices.DeleteFunc(all, func(p printing) bool { return hasPDF(p.to, p.stamp) })
	if len(todo) == 0 {
		return 0, nil
	}
	m.o.Progress.Stage("print", int64(len(todo)))
	allocator, stop := chromedp.NewExecAllocator(ctx, browserOptions(program)...)
	defer stop()
	browser, end := chromedp.NewContext(allocator)
	defer end()
	// The first tab starts the browser.
	if err := chromedp.Do(browser, chromedp.Navigate("about:blank")); err != nil {
		return 0, pipeline.NewInputError(fmt.Errorf("starting %s: %w", program, err))
	}
	queue := make(chan printing)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(queue)
		for _, p := range todo {
			select {
			case queue <- p:
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		return nil
	})
	var mu sync.Mutex
	for range m.o.Workers {
		g.Go(func() error {
			tab, close := chromedp.NewContext(browser)
			defer close()
			for p := range queue {
				if err := p.print(tab); err != nil {
					return fmt.Errorf("printing %s: %w", p.from, err)
				}
				mu.Lock()
				m.o.Progress.Advance(1)
				mu.Unlock()
			}
			return gctx.Err()
		})
	}
	return len(todo), g.Wait()
}

func (m *maker) pdf(s *subject) string {
	return filepath.Join(m.o.To, filepath.FromSlash(s.name(".pdf")))
}

// browserOptions start a browser that prints files. It opens nothing but the sheets, which hold no script; as root, as in a
// container, its sandbox cannot be had.
func browserOptions(program string) []chromedp.ExecAllocatorOption {
	list := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.Flag("disable-gpu", true))
	if os.Geteuid() == 0 {
		list = append(list, chromedp.NoSandbox)
	}
	return list
}

// print prints on A4.
func (p printing) print(tab context.Context) error {
	abs, err := filepath.Abs(p.from)
	if err != nil {
		return err
	}
	at := url.URL{Scheme: "file", Path: abs}
	if err := chromedp.Do(tab, chromedp.Navigate(at.String())); err != nil {
		return err
	}
	b, err := chromedp.Run(tab, chromedp.PrintToPDF(
		chromedp.PDFPaper(chromedp.PaperA4), chromedp.PDFMargin(0), chromedp.PDFPreferCSSPageSize(), chromedp.PDFPrintBackground(), chromedp.PDFStream(),
	))
	if err != nil {
		return err
	}
	return put(p.to, append(b, pdfStamp(p.stamp)...))
}
