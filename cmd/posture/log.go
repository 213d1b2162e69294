package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/pflag"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/report"
)

// The words of --log-format.
const (
	logText = "text"
	logJSON = "json"
)

// logs say how messages are written to standard error, in all of a run.
type logs struct {
	format  string
	verbose bool // how long each stage took, too
	now     func() time.Time
	stage   string // that is running; empty if none is
	began   time.Time

	heard func(string, []slog.Attr) // gets warnings instead of standard error; may be nil
}

func newLogs() *logs { return &logs{format: logText, now: time.Now} }

// register adds the flags of every command.
func (l *logs) register(flags *pflag.FlagSet) {
	registerChoice(flags, &l.format, "log-format", logText, []string{logText, logJSON}, "write messages, warnings and errors as `FORMAT`, text or json (one object a line)")
	flags.BoolVarP(&l.verbose, "verbose", "v", false, "say how long each stage took, and what a command leaves out otherwise")
}

// logging returns how messages are written; a terminal without logs has those of no flags.
func (t terminal) logging() *logs {
	if t.logs == nil {
		return newLogs()
	}
	return t.logs
}

// json reports whether messages are objects of JSON.
func (t terminal) json() bool { return t.logging().format == logJSON }

// verbose reports whether more is to be said than usually.
func (t terminal) verbose() bool { return t.logging().verbose }

// logger returns a log to standard error. Text is as slog writes it; messages of commands are for people, see log.
func (t terminal) logger(level slog.Level, json bool) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if json {
		return slog.New(slog.NewJSONHandler(t.err, options))
	}
	return slog.New(slog.NewTextHandler(t.err, options))
}

// log writes a message to standard error: a line for people, which may be foreign text, or an object with attributes.
func (t terminal) log(level slog.Level, message string, attributes ...slog.Attr) {
	if heard := t.logging().heard; heard != nil && level == slog.LevelWarn {
		heard(message, attributes)
		return
	}
	if t.json() {
		t.logger(slog.LevelDebug, true).LogAttrs(context.Background(), level, strings.TrimSpace(report.Clean(message)), attributes...)
		return
	}
	report.Message(t.err, "%s", message)
}

// say writes what was done to standard error.
func (t terminal) say(format string, args ...any) {
	t.log(slog.LevelInfo, fmt.Sprintf(format, args...))
}

// warn writes what may be wrong to standard error.
func (t terminal) warn(format string, args ...any) {
	t.log(slog.LevelWarn, fmt.Sprintf(format, args...))
}

// fail writes an error to standard error.
func (t terminal) fail(err error) { t.log(slog.LevelError, report.ErrorText(err)) }

// maxProblems bounds the objects about mistakes in policy files, as text is bounded, too.
const maxProblems = 100

// problems writes what is wrong with policy files to standard error: with the lines of source, or as an object each.
func (t terminal) problems(problems *catalog.Problems) error {
	if !t.json() {
		return report.Problems(t.err, problems, t.styled(t.err))
	}
	for i, d := range problems.Diagnostics {
		if i == maxProblems {
			t.say("%d more problems are not shown: correct the first ones", len(problems.Diagnostics)-i)
			break
		}
		level, attributes := slog.LevelWarn, []slog.Attr{slog.String("detail", report.Clean(d.Detail))}
		if d.Severity == hcl.DiagError {
			level = slog.LevelError
		}
		if at := d.Subject; at != nil {
			attributes = append(attributes, slog.String("file", at.Filename), slog.Int("line", at.Start.Line), slog.Int("column", at.Start.Column))
		}
		t.log(level, d.Summary, attributes...)
	}
	return nil
}

// stage says that a stage of the work begins, and with --verbose how long the one before took. An empty name ends the last one.
func (t terminal) stage(name string) {
	l := t.logs
	if l == nil || !l.verbose {
		return
	}
	now := l.now()
	if l.stage != "" {
		took := now.Sub(l.began)
		if t.json() {
			t.log(slog.LevelDebug, "stage", slog.String("stage", l.stage), slog.Duration("duration", took))
		} else {
			t.say("%s: %.1f ms", l.stage, float64(took.Microseconds())/1000)
		}
	}
	l.stage, l.began = name, now
}
