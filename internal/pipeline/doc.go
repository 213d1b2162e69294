// Package pipeline does what a pipeline needs around 'posture assess', and what depends on the system that runs it: the assessment of the
// base branch, one comment on a pull request that is updated, and all that action.yml does on GitHub.
//
// It runs posture and git as programs, as a script would, and knows of assessments what their JSON says.
package pipeline
