//go:build race

package engine_test

// raceDetector is on: evaluation is some ten times slower, so that long tests take samples of their
// cases. The whole of them runs without it, by `make test`.
const raceDetector = true
