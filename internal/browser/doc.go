// Package browser drives an installed Chromium or Chrome for tests of pages: it opens a page as a reader with given habits would see it,
// clicks and types, and reads what is shown. At the end of a test it reports what went wrong unseen: console errors, exceptions, violations
// of the Content-Security-Policy and failed requests.
//
// It installs nothing: 'make chromium' does, on Debian. It is used by tests alone, and is no part of the posture binary.
package browser
