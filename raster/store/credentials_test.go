package store

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"tuban/raster/store/storetest"
)

// TestExpiredCredentialsAreReadAnew: who renews the file keeps a run going.
func TestExpiredCredentialsAreReadAnew(t *testing.T) {
	srv, proxy := serve(t)
	upload(t, srv, "s3://county/a.tif", noise(10, 1))
	file := filepath.Join(t.TempDir(), "credentials")
	environment(t, "", "")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", file)
	account := func(key string) {
		write(t, file, fmt.Appendf(nil, "[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n", key, srv.Secret))
	}
	account("old")
	s, _ := tuned(t, Options{Endpoint: proxy.URL})
	proxy.Set(storetest.Rule{First: 2, Fault: storetest.Expired, Before: func() { account(srv.Key) }})
	if _, err := s.Stat(t.Context(), "s3://county/a.tif"); err != nil {
		t.Error(err)
	}
	var keys []string
	for _, r := range proxy.Requests() {
		keys = append(keys, r.Key)
	}
	if keys[0] != "old" || keys[len(keys)-1] != srv.Key {
		t.Errorf("signed by %q", keys)
	}
	// Credentials that stay expired are asked for once more by each request, not for ever.
	proxy.Set(storetest.Rule{Fault: storetest.Expired})
	_, err := s.Stat(t.Context(), "s3://county/a.tif")
	wantKind(t, err, KindExpired)
	if n := proxy.Count("", ""); n > 4 {
		t.Errorf("%d requests", n)
	}
}

// TestNoMetadataService: a machine without credentials is not kept waiting by an address that never answers.
func TestNoMetadataService(t *testing.T) {
	srv, proxy := serve(t)
	mute := storetest.NewFaults(t, srv.Endpoint)
	mute.Set(storetest.Rule{Fault: storetest.Mute})
	environment(t, "", "")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "false")
	t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", mute.URL)
	s, _ := tuned(t, Options{Endpoint: proxy.URL})
	began := time.Now()
	_, err := s.Stat(t.Context(), "s3://county/a.tif")
	wantKind(t, err, KindNoCredentials)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
	if mute.Count("", "") == 0 {
		t.Error("the metadata service was not asked, so nothing was tested")
	}
	t.Log(err)
}
