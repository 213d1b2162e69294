package decide

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/hcledit"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/internal/settings"
)

// settingsPath returns the file of the settings: the one that was found, or the one that is made beside the register.
func (d *Desk) settingsPath() (string, error) {
	switch {
	case d.snapshot.Settings != nil && d.snapshot.Settings.Off:
		return "", &Refused{"This server was started without settings: start it without --config none (or POSTURE_CONFIG) to change them."}
	case d.snapshot.Settings != nil && d.snapshot.Settings.Path != "":
		return d.snapshot.Settings.Path, nil
	case d.snapshot.Register.Path != "":
		return settings.Beside(d.snapshot.Register.Path), nil
	}
	return "", &Refused{"There is no " + settings.Name + " to write to, and no register to make one beside: make the file where the server was started."}
}

// editSettings changes a block of the settings, if it still has the version that the person has seen ([settings.Settings.Version]). Otherwise
// the error is a [*settings.ConflictError].
func (d *Desk) editSettings(ctx context.Context, block, version string, change func(*settings.Editor) error) (Receipt, error) {
	path, err := d.settingsPath()
	if err != nil {
		return Receipt{}, err
	}
	receipt := Receipt{Path: path}
	err = settings.Edit(ctx, path, func(e *settings.Editor) error {
		e.By(d.author)
		if err := e.Expect(block, version); err != nil {
			return err
		}
		before := e.Text()
		if err := change(e); err != nil {
			return err
		}
		if after := e.Text(); string(before) != string(after) {
			receipt.File, receipt.Version, receipt.Made = InSettings, hcledit.Version(after), len(before) == 0
		}
		return nil
	})
	if err != nil {
		return Receipt{}, refused(err)
	}
	return receipt, nil
}

// Zones are bounds as a person writes them: percentages such as 80 or 62.5.
type Zones struct{ Good, Okay string }

// Zones sets the zones, or removes them if they are nil.
func (d *Desk) Zones(ctx context.Context, version string, z *Zones) (Receipt, error) {
	var zones *settings.Zones
	if z != nil {
		wrong := map[string]string{}
		zones = &settings.Zones{Good: percent(wrong, "good", z.Good), Okay: percent(wrong, "okay", z.Okay)}
		if len(wrong) == 0 && zones.Okay >= zones.Good {
			wrong["okay"] = "Okay has to begin below good."
		}
		if err := invalid(wrong); err != nil {
			return Receipt{}, err
		}
	}
	return d.editSettings(ctx, settings.BlockZones, version, func(e *settings.Editor) error { return e.SetZones(zones) })
}

// Goal is a score to reach as a person writes it: a percentage such as 80 or 62.5, and a day such as 2026-12-31 or nothing.
type Goal struct{ Percent, By string }

// Goal sets the goal, or removes it if it is nil.
func (d *Desk) Goal(ctx context.Context, version string, g *Goal) (Receipt, error) {
	var goal *settings.Goal
	if g != nil {
		wrong := map[string]string{}
		goal = &settings.Goal{Percent: percent(wrong, "percent", g.Percent)}
		if by := strings.TrimSpace(g.By); by != "" {
			var err error
			goal.By, err = time.Parse(time.DateOnly, by)
			switch before := d.goalDay(); {
			case err != nil || goal.By.Year() < 1970 || goal.By.Year() > 2999:
				wrong["by"] = "This is no day: write one such as 2026-12-31."
			case by < d.author.Time.Format(time.DateOnly) && by != before:
				wrong["by"] = "This day has passed: name one from today on, or none."
			}
		}
		if err := invalid(wrong); err != nil {
			return Receipt{}, err
		}
	}
	return d.editSettings(ctx, settings.BlockGoal, version, func(e *settings.Editor) error { return e.SetGoal(goal) })
}

// goalDay returns the day by which the goal is to be reached that was seen, or "".
func (d *Desk) goalDay() string {
	if s := d.snapshot.Settings; s != nil && s.Goal != nil && !s.Goal.By.IsZero() {
		return s.Goal.By.Format(time.DateOnly)
	}
	return ""
}

// percentage is how a percentage is written. Some write a comma before the decimals, and some the sign.
var percentage = regexp.MustCompile(`^[0-9]{1,3}([.,][0-9]{1,2})?$`)

// percent reads a percentage; it notes what is wrong with it.
func percent(wrong map[string]string, name, text string) score.Points {
	var p score.Points
	text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "%"))
	if !percentage.MatchString(text) || p.UnmarshalJSON([]byte(strings.Replace(text, ",", ".", 1))) != nil || p > score.Full {
		wrong[name] = "This has to be a percentage from 0 to 100, such as 80 or 62.5."
	}
	return p
}

// Comparison is whom the organization compares itself with, as a person chooses it: the benchmark that the file names or [settings.Microsoft],
// and the id of one of its cohorts, or nothing for those that suit the organization.
type Comparison struct{ Name, Benchmark, Cohort string }

// Benchmark is a benchmark that can be chosen.
type Benchmark struct {
	Name    string // what a comparison calls it
	Title   string
	Cohorts []Cohort
}

// Cohort is a cohort that can be chosen.
type Cohort struct{ ID, Title string }

// Configured is the name of the benchmark that the settings name: the path itself is nobody's business who looks at the page.
const Configured = "configured"

// Benchmarks returns the benchmarks that can be chosen: those that can't be read are left out.
func (d *Desk) Benchmarks() []Benchmark {
	var list []Benchmark
	for _, name := range []string{Configured, settings.Microsoft} {
		b, err := d.benchmark(name)
		if err != nil {
			continue
		}
		one := Benchmark{Name: name, Title: b.Title}
		for i := range b.Cohorts {
			one.Cohorts = append(one.Cohorts, Cohort{b.Cohorts[i].ID, b.Cohorts[i].Title})
		}
		slices.SortStableFunc(one.Cohorts, func(a, b Cohort) int { return cmp.Compare(a.ID, b.ID) })
		one.Cohorts = slices.CompactFunc(one.Cohorts, func(a, b Cohort) bool { return a.ID == b.ID })
		list = append(list, one)
	}
	return list
}

// benchmark opens a benchmark by its name. Nobody makes the server open another file than the one that it opens anyway.
func (d *Desk) benchmark(name string) (*cohort.Benchmark, error) {
	if name == settings.Microsoft {
		return cohort.Microsoft()
	}
	s := d.snapshot.Settings
	if name != Configured || s == nil || s.Comparison == nil || s.Comparison.Benchmark == settings.Microsoft {
		return nil, &Invalid{map[string]string{"benchmark": "There is no such benchmark here. Which file is one stands in " + settings.Name + " alone."}}
	}
	return cohort.Open(s.Comparison.Benchmark)
}

// Compare sets the comparison, or removes it if it is nil.
func (d *Desk) Compare(ctx context.Context, version string, c *Comparison) (Receipt, error) {
	var f *settings.ComparisonFields
	if c != nil {
		given := *c
		given.Name, given.Cohort = strings.TrimSpace(given.Name), strings.TrimSpace(given.Cohort)
		b, err := d.benchmark(given.Benchmark)
		if err != nil {
			return Receipt{}, err
		}
		wrong, err := settings.CheckComparison(given.Name, given.Cohort)
		if err != nil {
			return Receipt{}, err
		}
		if given.Cohort != "" && wrong["cohort"] == "" && b.Has(given.Cohort) != nil {
			wrong = map[string]string{"cohort": "The benchmark has no such cohort."}
		}
		if err := invalid(wrong); err != nil {
			return Receipt{}, err
		}
		f = &settings.ComparisonFields{Name: &given.Name, Cohort: &given.Cohort}
		if given.Benchmark == settings.Microsoft {
			f.Benchmark = &given.Benchmark
		}
	}
	return d.editSettings(ctx, settings.BlockComparison, version, func(e *settings.Editor) error { return e.SetComparison(f) })
}
