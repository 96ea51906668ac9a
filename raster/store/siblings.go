package store

import (
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// siblingsMost bounds the names that are remembered of one object.
const siblingsMost = 1000

// family is where the objects of uri's kin are: their folder, with the slash, and the name without its extension.
func family(uri string) (folder, stem string) {
	folder, base := path.Split(uri)
	return folder, strings.TrimSuffix(base, path.Ext(base))
}

// kin reports whether base is the name of a companion of a file with that stem, such as a world file or an overview.
func kin(base, stem string) bool {
	return len(base) > len(stem) && strings.HasPrefix(base, stem) && (base[len(stem)] == '.' || base[len(stem)] == '_')
}

// Siblings returns the base names of the objects in the folder of uri that begin as its base name does, up to the extension,
// followed by "." or "_"; the object itself is among them. They are listed once and remembered, with the whole folder where one
// answer tells it: GDAL then need not ask for companions that have names of their own. Nil when they cannot be listed, which
// is no error: the permission to list is not needed to read.
func (f *Files) Siblings(uri string) []string {
	folder, stem := family(uri)
	if !inS3(uri) || stem == "" {
		return nil
	}
	f.mu.Lock()
	names, known := f.folders[folder+stem]
	all, asked := f.folders[folder]
	f.mu.Unlock()
	if known {
		return names
	}
	r, a, err := f.store.resolve(f.ctx, "listing", folder+stem)
	if err != nil {
		return nil
	}
	if !asked {
		all = f.listWhole(r, a, folder)
	}
	names = []string{}
	if all != nil {
		for _, base := range all {
			if kin(base, stem) {
				names = append(names, base)
			}
		}
		return names
	}
	err = r.each(f.ctx, "listing", a, "/", func(o types.Object) error {
		if base := path.Base(aws.ToString(o.Key)); kin(base, stem) {
			names = append(names, base)
		}
		if len(names) > siblingsMost {
			return errEnough
		}
		return nil
	})
	switch {
	case f.ctx.Err() != nil:
		return nil
	case err != nil && !errors.Is(err, errEnough), len(names) > siblingsMost:
		names = nil
	}
	f.mu.Lock()
	f.folders[folder+stem] = names
	f.mu.Unlock()
	return names
}

// listWhole returns the base names of all objects in the folder that a is in, and remembers them; nil when they are more than
// one answer tells.
func (f *Files) listWhole(r *remote, a address, folder string) []string {
	in := address{a.bucket, a.key[:strings.LastIndex(a.key, "/")+1]}
	names, whole, err := r.page(f.ctx, "listing", in)
	if f.ctx.Err() != nil {
		return nil
	}
	if err != nil || !whole {
		names = nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.folders[folder] = names
	return names
}

// absent reports whether a listing already tells that uri is not there. GDAL asks for a dozen companions of each file.
func (f *Files) absent(uri string) bool {
	folder, _ := family(uri)
	base := path.Base(uri)
	f.mu.Lock()
	defer f.mu.Unlock()
	if all := f.folders[folder]; all != nil {
		return !slices.Contains(all, base)
	}
	for i := range len(base) {
		if base[i] != '.' && base[i] != '_' {
			continue
		}
		if names := f.folders[folder+base[:i]]; names != nil {
			return !slices.Contains(names, base)
		}
	}
	return false
}
