// Package pagetest tests the page in a browser, as a whole: what readers and editors do on the server and in the single file, in Chromium.
// It has tests alone.
package pagetest
