//go:build !unix

package settings

import "io/fs"

// trusted reports that every file is: who owns it is not looked up.
func trusted(fs.FileInfo, string) bool { return true }
