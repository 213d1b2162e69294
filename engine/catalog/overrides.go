package catalog

import (
	"encoding/json"
	"path"
	"path/filepath"
	"reflect"
)

// Overrides are what [Catalog.WithParameters] set in a catalog.
type Overrides struct {
	File   string // its name, without the folder
	Digest string // "sha256:..." over the values that differ from those of the controls, and what is said of sources; not over how it is written
	Base   string // digest of the catalog without them

	own map[string]*Control // without them, by id: the ones that they change
}

// Overrides returns what was overridden, and by which file; nil if nothing was.
func (c *Catalog) Overrides() *Overrides { return c.overrides }

// Own returns a control of the catalog as it is without overrides.
func (c *Catalog) Own(control *Control) *Control {
	if c.overrides != nil && c.overrides.own[control.ID] != nil {
		return c.overrides.own[control.ID]
	}
	return control
}

// overriding notes what was overridden in another catalog to make this one.
func (c *Catalog) overriding(before *Catalog, filename string, changed map[string]*Control) *Catalog {
	o := &Overrides{File: path.Base(filepath.ToSlash(filename)), Base: before.digest, own: map[string]*Control{}}
	if earlier := before.overrides; earlier != nil {
		o.Base = earlier.Base
		for id, control := range earlier.own {
			o.own[id] = control
		}
	}
	for id := range changed {
		if o.own[id] == nil {
			o.own[id] = before.byID[id]
		}
	}
	var parts [][]byte
	for _, id := range sortedKeys(o.own) {
		own, now := o.own[id], c.byID[id]
		values, _ := json.Marshal(Differing(own.ParameterValues(), now.ParameterValues())) // decoded JSON always marshals
		said, _ := json.Marshal(now.SourceSetting)
		if string(values) != "{}" || !reflect.DeepEqual(own.SourceSetting, now.SourceSetting) {
			parts = append(parts, []byte(id), values, said)
		}
	}
	o.Digest, c.overrides = digest(parts...), o
	return c
}

// Differing returns the values in effect that differ from a control's own, by the name of their parameter. Both are decoded JSON.
func Differing(own, inEffect map[string]any) map[string]any {
	differ := map[string]any{}
	for name, value := range inEffect {
		if !reflect.DeepEqual(own[name], value) {
			differ[name] = value
		}
	}
	return differ
}
