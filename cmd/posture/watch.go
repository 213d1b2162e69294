package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/internal/watch"
)

func newWatch(t terminal) *cobra.Command {
	var f watcher
	cmd := &cobra.Command{
		Use:   "watch PATH",
		Short: "Assess evidence again whenever it changes, and print what changed",
		Long: `Assess evidence, and again whenever it changes, or the register, the parameters or a catalog do, until you press Ctrl-C.

PATH is what 'posture assess' takes, but for standard input. Each time is told in a few lines with the time of day: by how much the score
changed, because of what, which actions, and which files were written; one line if nothing is judged otherwise. --format json writes one
object a line instead.

What is half written is not shown: files are read once they stay as they are for a moment, and where they can't be read then, or a
file is skipped that was read before, a message says so and the last result stays.

Gates are judged each time, and those that are not met are told on standard error; they end nothing. The exit code is 130 on Ctrl-C.`,
		Example: `  posture watch testdata/contoso
  posture watch export --tenant contoso.example --register register.hcl
  posture watch testdata/contoso --format json --fail-under 60`,
		Args: oneArg("PATH"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), t, args[0]) },
	}
	f.assessmentFlags.register(cmd)
	f.registerFailing(cmd, "100")
	f.store.register(cmd, "the store with the baseline of gates")
	f.gates.register(cmd)
	words := []string{report.Formats(report.Watched{})[0], "json"}
	registerChoice(cmd.Flags(), &f.format, "format", words[0], words, "print as `FORMAT`: table, or json, one object a line")
	return cmd
}

// watcher assesses evidence again and again, by flags of assess.
type watcher struct {
	assessFlags
	now   func() time.Time
	files *watch.Files
	last  *history.Recorded
	said  []message // while the last result was made
	known []string  // files that were there then
}

// message is what is said while evidence is read.
type message struct{ text, skipped string }

func (f *watcher) run(ctx context.Context, t terminal, path string) error {
	if path == importer.Stdin {
		return usageError{errors.New("standard input does not change: name a folder or a file")}
	}
	if f.now == nil {
		f.now = time.Now
	}
	f.files = watch.New(ctx, f.paths(path), func(_ string, info fs.FileInfo) bool { return t.own(info) != nil })
	var changed []string
	problem := ""
	for {
		err := f.again(ctx, t, path, changed)
		switch {
		case ctx.Err() != nil:
			return failure(interrupted(ctx))
		case err != nil && f.last == nil:
			return err
		case err == nil:
			problem = ""
		case report.ErrorText(err) != problem:
			problem = report.ErrorText(err)
			t.warn("%s: the last result stays: %s", f.now().Format(time.TimeOnly), problem)
		}
		if changed, err = f.files.Next(ctx); err != nil {
			return failure(interrupted(ctx))
		}
	}
}

// paths returns the files and folders that a result is made of.
func (f *watcher) paths(path string) []string {
	paths := slices.Concat([]string{path, f.decisions.path, f.parameters, f.gates.baseline}, f.dirs)
	paths = slices.DeleteFunc(paths, func(p string) bool { return p == "" || p != path && isStore(p) })
	slices.Sort(paths)
	return slices.Compact(paths)
}

// again assesses the evidence and prints what changed.
func (f *watcher) again(ctx context.Context, t terminal, path string, changed []string) error {
	settings, err := f.assessmentFlags.settings()
	if err != nil {
		return err
	}
	settings.Verdicts = new(engine.Verdicts)
	gates, err := f.gatekeeper(ctx, t, &settings)
	if err != nil {
		return err
	}
	now, said, err := f.assess(ctx, t, path, settings)
	if err != nil {
		return err
	}
	page := report.Watched{At: f.now(), Files: changed, Assessment: now.Assessment}
	if f.last != nil {
		if page.Since, err = history.Compare(*f.last, now); err != nil {
			return err
		}
	}
	if page.Gates, err = gates.judge(ctx, now.Assessment, now.Verdicts); err != nil {
		return err
	}
	t.stage("report")
	f.last, f.said, f.known = &now, said, f.files.Names()
	if err := f.print(t, page); err != nil {
		return err
	}
	t.stage("")
	t.sayGates(page.Gates)
	return nil
}

// assess returns an assessment and what was said of its evidence. What was said before is not said again. A file that was read before and is
// skipped now is not whole yet.
func (f *watcher) assess(ctx context.Context, t terminal, path string, settings engine.AssessOptions) (history.Recorded, []message, error) {
	var said []message
	logs := t.logging()
	logs.heard = func(text string, attributes []slog.Attr) {
		m := message{text: text}
		for _, a := range attributes {
			if a.Key == skippedFile {
				m.skipped = a.Value.String()
			}
		}
		said = append(said, m)
	}
	once := f.assessFlags // reads catalogs anew
	a, saved, err := once.evaluate(ctx, t, path, settings, nil)
	logs.heard = nil
	if err != nil {
		return history.Recorded{}, nil, err
	}
	for _, m := range said {
		if m.skipped != "" && f.wasRead(path, m.skipped) {
			return history.Recorded{}, nil, errors.New(m.text)
		}
	}
	for _, m := range said {
		if !slices.ContainsFunc(f.said, func(old message) bool {
			return old == m || strings.HasPrefix(m.text, undated) && strings.HasPrefix(old.text, undated)
		}) {
			t.warn("%s", m.text)
		}
	}
	now := history.Recorded{Assessment: a, Verdicts: settings.Verdicts}
	if saved {
		now.Verdicts = nil
	}
	return now, said, nil
}

// wasRead reports whether a file of the evidence was read for the last result.
func (f *watcher) wasRead(path, name string) bool {
	there := slices.ContainsFunc([]string{name, filepath.Join(path, name)}, func(n string) bool { return slices.Contains(f.known, n) })
	return there && !slices.ContainsFunc(f.said, func(m message) bool { return m.skipped == name })
}

func (f *watcher) print(t terminal, page report.Watched) error {
	if f.format == "json" {
		return unwritten("-", page.Line(t.out))
	}
	return unwritten("-", report.Write(t.out, page, f.format, t.style()))
}
