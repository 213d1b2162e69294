// Package growth says along which dimensions the work of posture grows: records, controls, policies,
// groups, members, the size of each text, and so on. Each [Dimension] writes an input of any size,
// and names the command that reads it. internal/bench runs the commands over inputs that double in
// size, and fits how the CPU time grows.
//
// The inputs are invented and the same bytes every time. They are large in one dimension alone. The
// package measures nothing.
package growth
