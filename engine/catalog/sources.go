package catalog

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/posture-score/posture/internal/suggest"
	"github.com/posture-score/posture/schemas"
)

// Sources are what controls may require besides datasets, with their names: evidence does not show
// whether they are connected.
func Sources() map[string]string {
	return map[string]string{
		"defender_cloud_apps.office_365_connector": "the Office 365 connector of Microsoft Defender for Cloud Apps",
	}
}

// SourceSetting is what an organization says of a source that controls require. The zero value says
// nothing: they count in any case.
type SourceSetting struct {
	Required  bool  `json:"required"`            // without the source, the controls that require it are left out
	Connected *bool `json:"connected,omitempty"` // nil: the evidence decides
}

// checkSource requires a source whose presence can be known: a dataset with records, or one of [Sources].
func (l *loader) checkSource(c *Control) {
	at := c.written.at("requires_source")
	switch d, ok := l.datasets.Dataset(c.RequiresSource); {
	case c.RequiresSource == "" || Sources()[c.RequiresSource] != "":
	case !ok:
		known := append(slices.Collect(maps.Keys(Sources())), l.datasets.Names()...)
		l.errorf(at, "Unknown source", "No source and no dataset %q is known.%s", clip(c.RequiresSource), suggest.Hint(c.RequiresSource, known))
	case d.Kind == schemas.Document:
		l.errorf(at, "Not a source", "%s is one document, which is there or not: name a dataset that has records or has none.", c.RequiresSource)
	}
}

// sourceBlock is what a file of parameters says of a source.
type sourceBlock struct {
	Connected *bool `hcl:"connected,optional"`
}

// setSource changes the controls that require a source.
func (c *Catalog) setSource(found *collector, block *hcl.Block, said sourceBlock, changed map[string]*Control) {
	id, used := block.Labels[0], false
	for _, control := range c.controls {
		if control.RequiresSource != id {
			continue
		}
		used = true
		copied := *control
		if changed[control.ID] != nil {
			copied = *changed[control.ID]
		}
		copied.Digest = "" // another setting, another total
		copied.SourceSetting = SourceSetting{Required: true, Connected: said.Connected}
		changed[control.ID] = &copied
	}
	switch {
	case !used:
		found.errorf(block.LabelRanges[0], "Unknown source", "No control of the catalog requires the source %q.%s", clip(id), suggest.Hint(id, c.sources()))
	case Sources()[id] != "" && said.Connected == nil:
		found.errorf(block.DefRange, "Nothing said of a source", "No evidence tells whether %s is connected: write connected = true or connected = false.", Sources()[id])
	}
}

// sources are those that controls require, sorted.
func (c *Catalog) sources() []string {
	var ids []string
	for _, control := range c.controls {
		if control.RequiresSource != "" {
			ids = append(ids, control.RequiresSource)
		}
	}
	return sortedSet(ids)
}
