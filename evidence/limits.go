package evidence

import "github.com/posture-score/posture/internal/records"

// Limits bound what a bundle may make us hold, unpack or follow. A field that
// is zero stands for its default.
type Limits struct {
	Files       int   // entries of an archive
	FileBytes   int64 // one file, unpacked
	TotalBytes  int64 // an archive as it comes, and all of its files unpacked
	Ratio       int64 // unpacked bytes for each stored byte
	RecordBytes int   // one record, as it is written
	Depth       int   // objects and arrays within each other in one record
}

// DefaultLimits are roomy for the largest tenants and harmless for a small machine.
func DefaultLimits() Limits {
	return Limits{
		Files:       1000,
		FileBytes:   8 << 30,
		TotalBytes:  16 << 30,
		Ratio:       500,
		RecordBytes: records.DefaultLimits().RecordBytes,
		Depth:       records.DefaultLimits().Depth,
	}
}

const (
	// manifestBytes bounds manifest.json, which is held whole.
	manifestBytes = 1 << 20
	// ratioGrace is what may be unpacked before the ratio counts: a small file
	// that packs well can do no harm.
	ratioGrace = 1 << 20
)

func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	if l.Files <= 0 {
		l.Files = d.Files
	}
	if l.FileBytes <= 0 {
		l.FileBytes = d.FileBytes
	}
	if l.TotalBytes <= 0 {
		l.TotalBytes = d.TotalBytes
	}
	if l.Ratio <= 0 {
		l.Ratio = d.Ratio
	}
	if l.RecordBytes <= 0 {
		l.RecordBytes = d.RecordBytes
	}
	if l.Depth <= 0 {
		l.Depth = d.Depth
	}
	return l
}

// ofRecord returns the limits of one record.
func (l Limits) ofRecord() records.Limits {
	return records.Limits{RecordBytes: l.RecordBytes, Depth: l.Depth}
}
