// Package serve shows a score in browsers: routes, a cache of pages, headers, limits, the log of requests, and an orderly end.
//
// It renders nothing itself ([Pages] does), loads nothing ([Source] does), and does not know how people sign in (package signin does). An
// answer is made of one snapshot, so that it never mixes two, however often the source has a new one.
package serve
