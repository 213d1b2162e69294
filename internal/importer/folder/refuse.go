package folder

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/posture-score/posture/evidence"
)

const (
	// few is how many unrelated files of JSON may lie in a folder, whatever else is there.
	few = 4
	// many is how many files of other kinds may, and times how many more they may be than the exports: reports lie beside these.
	many, times = 50, 10
)

// refuse says why a folder is none of exports: it holds nothing, or mostly
// something else. Such a folder would be scored 0 for want of evidence.
func (s *sorter) refuse(name string) error {
	found, others := s.evidence(), len(s.unrelated)
	switch {
	case len(s.bundles) > 0 && path.Clean(s.bundles[0]) == ".":
		return &evidence.Error{Summary: "it is a bundle already", Hint: "Assess it as it is."}
	case found == 0 && len(s.bundles) > 0:
		return &evidence.Error{Summary: "it holds no exports", Hint: s.nameBundles(name)}
	case found+others+len(s.skipped) == 0:
		return &evidence.Error{
			Summary: "the folder has no .json file",
			Hint: `Save the answers of Graph there as they come, with their "@odata.context", ` +
				"and those of cmdlets in files that are named after them, such as Get-SafeLinksPolicy.json.",
		}
	case others > few && others > 2*found, s.others > many && s.others > times*found && len(s.scubagear) == 0:
		hint := "Name the folder that the exports are in."
		if len(s.bundles) > 0 {
			hint = s.nameBundles(name)
		}
		return &evidence.Error{
			Summary: fmt.Sprintf("it holds mostly other files than evidence: %d of %d", others+s.others, others+s.others+found),
			Hint:    hint,
		}
	}
	return nil
}

// nameBundles says that bundles lie below a folder, and what to do.
func (s *sorter) nameBundles(name string) string {
	const most = 3
	var names []string
	then := "name"
	for _, dir := range s.bundles {
		if s.packed || s.archive(dir) != "" {
			then = "unpack and name"
		}
		names = append(names, filepath.ToSlash(filepath.Join(name, filepath.FromSlash(dir))))
	}
	switch more := len(names) - most; {
	case len(names) == 1:
		return fmt.Sprintf("%s is a bundle; %s it.", names[0], then)
	case more > 0:
		return fmt.Sprintf("%s and %d more are bundles; %s one of them.", strings.Join(names[:most], ", "), more, then)
	}
	last := len(names) - 1
	return fmt.Sprintf("%s and %s are bundles; %s one of them.", strings.Join(names[:last], ", "), names[last], then)
}

// nothing is the error of a folder whose files made no dataset.
func (i *importer) nothing() error {
	hint := `Responses of Graph are told by their "@odata.context", exports of PowerShell by the name of the cmdlet; there was none.`
	if len(i.skipped) > 0 {
		first := i.skipped[0]
		hint = strings.Replace(hint, "there was none", fmt.Sprintf("%s was skipped because %s", first.Path, first.Reason), 1)
	}
	return &evidence.Error{Summary: "no file holds what a dataset is made of", Hint: hint}
}
