package runfile

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

var placeholder = regexp.MustCompile(`\{[^{}/]*\}`)

// For is the mask of the scene at uri, a path or an s3:// address: {dir} is replaced by the scene's folder and {stem} by
// its name without folder and extension. The Source of what Parse returned is then an address like any other.
func (c Cloud) For(uri string) Cloud {
	dir, base := ".", uri
	if i := strings.LastIndexByte(uri, '/'); i >= 0 {
		dir, base = uri[:i], uri[i+1:]
	}
	// One pass, because a folder's own name may look like a placeholder.
	c.Source = strings.NewReplacer("{dir}", dir, "{stem}", strings.TrimSuffix(base, path.Ext(base))).Replace(c.Source)
	return c
}

func (c Cloud) check() error {
	if c.Source == "" {
		return errors.New("no source: give the file of the mask")
	}
	for _, m := range placeholder.FindAllStringIndex(c.Source, -1) {
		switch name := c.Source[m[0]:m[1]]; {
		case name != "{dir}" && name != "{stem}":
			return fmt.Errorf("%s in the source stands for nothing: {dir} is the scene's folder, {stem} its name without extension", name)
		case name == "{dir}" && m[0] > 0:
			return errors.New("{dir} is the scene's whole folder, so it can only stand first in the source")
		}
	}
	for _, v := range c.Cloud {
		if slices.Contains(c.Shadow, v) {
			return fmt.Errorf("the value %d is both cloud and shadow", v)
		}
	}
	if c.Layer != "" && len(c.Cloud)+len(c.Shadow) > 0 {
		return errors.New("a layer has polygons, not values: leave out the values of cloud and shadow")
	}
	return nil
}
