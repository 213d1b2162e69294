// Package replay finds out why a score changed by assessing what lies between two assessments: the new catalog over the old evidence,
// then the new parameters, the new evidence, the new decisions, and the new time, each on top of those before.
//
// It assesses and compares; what the causes are, and how they add up, is for internal/attribution.
package replay
