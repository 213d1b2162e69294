package importer

import "strings"

// renameFolder returns an error whose text names a folder by the name that the user knows, instead of the path of the temporary folder
// that stands for it.
func renameFolder(err error, path, name string) error {
	if err == nil || !strings.Contains(err.Error(), path) {
		return err
	}
	return &renamedError{error: err, path: path, name: name}
}

type renamedError struct {
	error
	path, name string
}

// Error returns the text of the error. What precedes the path names the evidence already.
func (r *renamedError) Error() string {
	return strings.NewReplacer(r.path+": ", "", r.path+"/", "", r.path, r.name).Replace(r.error.Error())
}

// Unwrap returns the error itself.
func (r *renamedError) Unwrap() error { return r.error }
