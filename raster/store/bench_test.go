package store

import (
	"math/rand/v2"
	"testing"

	"tuban/raster/store/storetest"
)

// BenchmarkFiles reads a 64 MiB object from the local server, a new Store each time, and says with how many requests.
func BenchmarkFiles(b *testing.B) {
	srv := storetest.Start(b)
	environment(b, srv.Key, srv.Secret)
	srv.Bucket(b, "county")
	const size = 64 << 20
	upload(b, srv, "s3://county/scene.tif", noise(size, 1))
	for _, c := range []struct {
		name  string
		piece int
		next  func(i int) int64
	}{
		{"sequential64KiB", 64 << 10, func(i int) int64 { return int64(i) * (64 << 10) }},
		{"sequential1MiB", 1 << 20, func(i int) int64 { return int64(i) << 20 }},
		{"random256KiB", 256 << 10, func(int) int64 { return rand.Int64N(size - 256<<10) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			buf := make([]byte, c.piece)
			b.SetBytes(size)
			var total Stats
			for b.Loop() {
				s, err := New(b.Context(), Options{Endpoint: srv.Endpoint})
				if err != nil {
					b.Fatal(err)
				}
				f := s.Mount(b.Context())
				for i := range size / c.piece {
					if _, err := f.ReadAt("county/scene.tif", buf, c.next(i)); err != nil {
						b.Fatal(err)
					}
				}
				f.background.Wait()
				st := f.Stats()
				total.Requests += st.Requests
				total.Bytes += st.Bytes
			}
			b.ReportMetric(float64(total.Requests)/float64(b.N), "requests/op")
			b.ReportMetric(float64(total.Bytes)/float64(b.N)/(1<<20), "MiB/op")
		})
	}
}
