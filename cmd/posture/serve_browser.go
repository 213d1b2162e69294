package main

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// onward leads a browser to an address.
var onward = template.Must(template.New("onward").Parse(`<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url={{.}}">
<title>posture</title>
<p><a href="{{.}}">Open posture</a></p>
`))

// openBrowser opens an address in the user's browser, by way of a file that only they can read: the arguments of programs, and so the
// token, can be seen by everybody on the machine. The file is there until done is called.
func openBrowser(ctx context.Context, link string) (done func(), err error) {
	folder, err := os.MkdirTemp("", "posture-")
	if err != nil {
		return func() {}, err
	}
	done = func() { _ = os.RemoveAll(folder) } // it is temporary
	path := filepath.Join(folder, "open.html")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return done, err
	}
	if err := errors.Join(onward.Execute(file, link), file.Close()); err != nil {
		return done, err
	}
	name, args := opener(path)
	cmd := exec.CommandContext(context.WithoutCancel(ctx), name, args...) // a browser stays open
	if err := cmd.Start(); err != nil {
		return done, fmt.Errorf("running %s: %w", name, err)
	}
	go func() { _ = cmd.Wait() }() // some openers stay as long as the browser does
	return done, nil
}

// opener returns the program that opens a file as the user's system does.
func opener(path string) (name string, args []string) {
	switch runtime.GOOS {
	case "windows":
		return "rundll32", []string{"url.dll,FileProtocolHandler", path}
	case "darwin":
		return "open", []string{path}
	}
	return "xdg-open", []string{path}
}
