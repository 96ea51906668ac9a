package pipeline

import (
	"context"

	"golang.org/x/sync/errgroup"

	"tuban/pipeline/runfile"
	"tuban/raster"
	"tuban/raster/stac"
)

// sceneFile is one file of a scene list, and what it said when it was looked at.
type sceneFile struct {
	uri   string
	entry runfile.Scene
	// complete adds what a catalogue knows of the file, where it came from one.
	complete func(raster.Info) raster.Info
	info     raster.Info
	err      error
}

// maxSTAC bounds a list of STAC items in bytes.
const maxSTAC = 64 << 20

// sceneFiles lists the files of a date in mosaic order: patterns become files, STAC items their images.
func (d Drivers) sceneFiles(ctx context.Context, list runfile.Imagery) ([]sceneFile, error) {
	var files []sceneFile
	for _, entry := range list.Scenes {
		if entry.STAC == "" {
			uris, err := d.expandGlob(ctx, entry.URI)
			if err != nil {
				return nil, err
			}
			for _, uri := range uris {
				files = append(files, sceneFile{uri: uri, entry: entry})
			}
			continue
		}
		text, err := d.readFile(ctx, entry.STAC, maxSTAC)
		if err != nil {
			return nil, err
		}
		items, err := stac.Parse(text)
		if err != nil {
			return nil, badInput("%s: %w", entry.STAC, err)
		}
		scenes, err := FromSTAC(items, entry.STAC, entry)
		if err != nil {
			return nil, err
		}
		for _, s := range scenes {
			files = append(files, sceneFile{uri: s.Entry.URI, entry: s.Entry, complete: s.Complete})
		}
	}
	return files, nil
}

// inspected lists the files of a date and looks at them.
func (d Drivers) inspected(ctx context.Context, date string, list runfile.Imagery) ([]sceneFile, error) {
	files, err := d.sceneFiles(ctx, list)
	if err != nil {
		return nil, badInput("%s: %w", date, err)
	}
	return files, d.inspectAll(ctx, files)
}

// inspectAll looks at the files, several at once: in object storage each takes a few round trips.
func (d Drivers) inspectAll(ctx context.Context, files []sceneFile) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(sourcesAtOnce)
	for i := range files {
		g.Go(func() error {
			f := &files[i]
			if f.info, f.err = d.Imagery.Inspect(ctx, f.uri); f.err == nil && f.complete != nil {
				f.info = f.complete(f.info)
			}
			return ctx.Err()
		})
	}
	return g.Wait()
}
