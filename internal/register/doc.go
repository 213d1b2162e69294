// Package register keeps what an organization decided about recommended actions in a file of its own repository: statuses with
// reason, owner and end, notes, tags, and records that a control leaves out of scope.
//
// Reading gathers every mistake with its place, and the result is what the engine takes as [engine.AssessOptions].Decisions. Editing
// changes the text and nothing but what was asked for: comments and formatting stay. A file is locked while it is edited,
// replaced as a whole or not at all, and never made invalid.
//
// The package does not know the catalog: whether an action exists, or a status has an effect, is for the engine to say.
package register
