// Package builtin lists the importers. Adding one is adding its package and its line here; docs/importers.md says how.
package builtin

import (
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/defender"
	"github.com/posture-score/posture/internal/importer/msgraph"
	"github.com/posture-score/posture/internal/importer/powershell"
	"github.com/posture-score/posture/internal/importer/scubagear"
)

// Importers returns all importers. The earlier are asked first whether they know a file, and their datasets are
// preferred; those of importers that read one export at a time come last.
func Importers() []importer.Importer {
	return []importer.Importer{scubagear.Importer{}, msgraph.Importer{}, powershell.New(), defender.Importer{}}
}
