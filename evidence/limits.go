package evidence

import "github.com/posture-score/posture/internal/records"

// Limits bound what reading a bundle may hold in memory, unpack or follow. A field that is zero stands
// for its default.
type Limits struct {
	Files       int   // entries of an archive
	FileBytes   int64 // of one file, unpacked
	TotalBytes  int64 // of an archive as it is stored, and of all files unpacked
	Ratio       int64 // unpacked bytes for each stored byte
	RecordBytes int   // of one record as it is written
	Depth       int   // objects and arrays inside one another in a record
}

// DefaultLimits returns limits that fit the largest tenants, and protect a small machine.
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
	// manifestBytes bounds manifest.json, which is held in memory.
	manifestBytes = 1 << 20
	// ratioGrace is how much may be unpacked before the ratio counts: a small file does no harm.
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
