package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/author"
	"github.com/posture-score/posture/internal/register"
)

// decisionFlags say which register an assessment takes decisions from.
type decisionFlags struct {
	path string
	flag *pflag.Flag
}

func (f *decisionFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.path, "register", register.Name, "take the organization's decisions from a register `FILE`; an empty name is none")
	f.flag = cmd.Flags().Lookup("register")
}

// read returns the decisions of the register; nil if there is no register.
func (f *decisionFlags) read() (map[string]engine.Decision, error) {
	decisions, err := readDecisions(f.path)
	if errors.Is(err, fs.ErrNotExist) && !f.flag.Changed {
		return nil, nil
	}
	if source := f.flag.Annotations[sourceAnnotation]; err != nil && source != nil {
		err = fmt.Errorf("%s: %w", source[0], err)
	}
	return decisions, err
}

// readDecisions returns the decisions of a register; nil if its name is empty.
func readDecisions(path string) (map[string]engine.Decision, error) {
	if path == "" {
		return nil, nil
	}
	r, err := register.Open(path)
	if err != nil {
		return nil, err
	}
	return r.Decisions(), nil
}

// editFlags say which register a command changes, which catalog has its actions, and who changes it when.
type editFlags struct {
	catalogFlags
	path        string
	author, now string
}

func (f *editFlags) register(cmd *cobra.Command) {
	f.catalogFlags.register(cmd)
	f.registerPath(cmd, "the register `FILE` to change; it is made if it is missing")
}

func (f *editFlags) registerPath(cmd *cobra.Command, usage string) {
	cmd.Flags().StringVar(&f.path, "register", register.Name, usage)
	cmd.Flags().StringVar(&f.author, "author", "", "the `NAME` of who decides, as in \"Ada <ada@contoso.example>\", instead of whom git names")
	cmd.Flags().StringVar(&f.now, "now", "", "write it as of this `TIME`, such as 2026-01-31T12:00:00Z, or day")
}

// who returns who changes the register, and when; the name is empty if nobody says it.
func (f *editFlags) who(ctx context.Context) (register.Author, error) {
	at, err := dateFlag("now", f.now, false)
	if at.IsZero() {
		at = time.Now()
	}
	return register.Author{Name: cmp.Or(f.author, author.Git(ctx)), Time: at}, err
}

// control returns the control of an action. A decision about an unknown action would never have an effect, so it is an error.
func (f *editFlags) control(cmd *cobra.Command, id string) (*catalog.Control, error) {
	cat, err := f.load(cmd.Context())
	if err != nil {
		return nil, err
	}
	control, ok := cat.Control(id)
	if !ok {
		return nil, cat.Unknown(id)
	}
	if control.Stage == catalog.StageDeprecated {
		return nil, fmt.Errorf("%s is deprecated and evaluated no more: %s", control.ID, gone(control))
	}
	return control, nil
}

// edit changes what is registered about an action, and says what came of it. A change that would make the register invalid is refused, with
// diagnostics over the text it would have had.
func (f *editFlags) edit(cmd *cobra.Command, t terminal, id string, change func(*register.Editor) error) error {
	who, err := f.who(cmd.Context())
	if err != nil {
		return err
	}
	var before, after []byte
	err = register.Edit(cmd.Context(), f.path, func(d *register.Editor) error {
		d.By(who)
		before = d.Text()
		err := change(d)
		after = d.Text()
		return err
	})
	var refused *register.RefusedError
	if errors.As(err, &refused) {
		t.log(slog.LevelError, fmt.Sprintf("%s is left as it is, since the change would make it invalid:\n", refused.Path))
	}
	if err != nil {
		return err
	}
	changes, err := register.Changes(before, after)
	if err != nil {
		return err
	}
	if len(changes) == 0 {
		t.say("%s: nothing changed, it was so already (%s)", id, f.path)
	}
	for _, c := range changes {
		t.say("%s", changeLine(f.path, c))
		t.warnOfPast(c, who.Time)
	}
	return nil
}

// changeLine says what was changed, and where it stands now.
func changeLine(path string, c register.Change) string {
	if c.Line == 0 {
		return fmt.Sprintf("%s: %s (%s)", c.ID, c, path)
	}
	return fmt.Sprintf("%s: %s (%s:%d)", c.ID, c, path, c.Line)
}

// warnOfPast says that a day which a change has set is over.
func (t terminal) warnOfPast(c register.Change, now time.Time) {
	moved := func(before, after *time.Time) bool { return after != nil && (before == nil || !before.Equal(*after)) }
	over := func(at *time.Time) bool { return at != nil && !at.After(now) }
	if moved(c.Before.Expires, c.After.Expires) && over(c.After.Expires) {
		t.say("warning: %s expired on %s already: the status has no effect", c.ID, c.After.Expires.UTC().Format(time.DateOnly))
	}
	if moved(c.Before.Due, c.After.Due) && over(c.After.Due) && c.After.Status == engine.Planned {
		t.say("warning: %s was due on %s already: it is overdue", c.ID, c.After.Due.UTC().Format(time.DateOnly))
	}
	for _, x := range c.After.Exclude {
		i := slices.IndexFunc(c.Before.Exclude, func(was engine.Exclusion) bool { return was.Key == x.Key })
		if (i < 0 || moved(c.Before.Exclude[i].Expires, x.Expires)) && over(x.Expires) {
			t.say("warning: the exclusion of %s expired on %s already: it has no effect", x.Key, x.Expires.UTC().Format(time.DateOnly))
		}
	}
}

// gone returns what replaced a deprecated control, or why it is deprecated.
func gone(control *catalog.Control) string {
	if control.ReplacedBy != "" {
		return "decide about " + control.ReplacedBy + ", which replaced it"
	}
	return control.Reason
}
