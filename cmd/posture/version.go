package main

import (
	"cmp"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/report"
)

// release is set by the build of a release: -ldflags "-X main.release=v1.2.3".
var release string

// version returns the version of this build: the release, the module version that `go install` recorded, or "dev".
func version() string {
	if release != "" {
		return release
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "(devel)" {
		return cmp.Or(info.Main.Version, "dev")
	}
	return "dev"
}

func newVersion(t terminal) *cobra.Command {
	var as printFlags
	cmd := &cobra.Command{
		Use:         "version",
		Short:       "Print the version, its commit and Go, and the version and digest of the built-in catalog",
		Example:     "  posture version\n  posture version --format json",
		Args:        noArgs,
		Annotations: map[string]string{settingsUse: unused}, // it is asked for where something is broken
		RunE: func(cmd *cobra.Command, _ []string) error {
			catalog, err := (&catalogFlags{}).load(cmd.Context())
			if err != nil {
				return err
			}
			page := report.Version{Version: version(), Go: runtime.Version(), Catalog: catalog}
			if info, ok := debug.ReadBuildInfo(); ok {
				for _, setting := range info.Settings {
					switch setting.Key {
					case "vcs.revision":
						page.Commit = setting.Value
					case "vcs.modified":
						page.Modified = setting.Value == "true"
					}
				}
			}
			return t.show(as, page)
		},
	}
	as.register(cmd, report.Version{})
	as.registerOutput(cmd)
	return cmd
}
