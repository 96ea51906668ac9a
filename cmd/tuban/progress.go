package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// progress shows what a run is doing: a bar on a terminal, else a line every few seconds.
type progress struct {
	w     io.Writer
	bars  *mpb.Progress
	bar   *mpb.Bar
	name  string
	total int64
	done  int64
	began time.Time
	said  time.Time
}

// quietFor is how long a run into a log file stays silent between lines.
const quietFor = 10 * time.Second

func newProgress(w io.Writer) *progress {
	p := &progress{w: w}
	if f, ok := w.(*os.File); ok {
		if st, err := f.Stat(); err == nil && st.Mode()&os.ModeCharDevice != 0 {
			p.bars = mpb.New(mpb.WithOutput(w), mpb.WithWidth(48))
		}
	}
	return p
}

// Stage begins a stage; a total of 0 has no bar.
func (p *progress) Stage(name string, total int64) {
	p.finish()
	p.name, p.total, p.done, p.began, p.said = name, total, 0, time.Now(), time.Now()
	if p.bars == nil || total == 0 {
		return
	}
	p.bar = p.bars.AddBar(total,
		mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name(fmt.Sprintf("%-8s", name)), decor.Percentage(decor.WCSyncSpace)),
		mpb.AppendDecorators(decor.Any(func(s decor.Statistics) string { return p.rate(s.Current) }), decor.Name("  "),
			decor.OnComplete(decor.AverageETA(decor.ET_STYLE_GO), "")),
	)
}

// rate is the speed of a stage in its own unit; it only reads what Stage set before the bar existed.
func (p *progress) rate(done int64) string {
	s := time.Since(p.began).Seconds()
	if s <= 0 {
		return ""
	}
	if p.name == "scan" || p.name == "index" {
		return fmt.Sprintf("%.1f Mpx/s", float64(done)/1e6/s)
	}
	return fmt.Sprintf("%.0f/s", float64(done)/s)
}

// Advance adds n units.
func (p *progress) Advance(n int64) {
	p.done += n
	if p.bar != nil {
		p.bar.IncrInt64(n)
		return
	}
	if p.bars != nil || p.total == 0 || time.Since(p.said) < quietFor {
		return
	}
	p.said = time.Now()
	left := time.Duration(float64(time.Since(p.began)) * float64(p.total-p.done) / float64(max(1, p.done)))
	fmt.Fprintf(p.w, "%s: %d %%, %s, about %s left\n", p.name, 100*p.done/p.total, p.rate(p.done), left.Round(time.Second))
}

func (p *progress) finish() {
	if p.bar != nil {
		p.bar.SetTotal(-1, true)
		p.bar = nil
	}
	if p.name != "" && p.bars == nil && time.Since(p.began) > quietFor {
		fmt.Fprintf(p.w, "%s: done in %s\n", p.name, time.Since(p.began).Round(time.Second))
	}
}

// Close ends the display.
func (p *progress) Close() {
	p.finish()
	p.name = ""
	if p.bars != nil {
		p.bars.Wait()
	}
}

// logger writes what the user should know beside the progress.
func (p *progress) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(p.w, &slog.HandlerOptions{Level: slog.LevelWarn}))
}
