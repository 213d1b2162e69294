package assessmentfile

// Check validates the JSON of an assessment that this program wrote at some time: its grammar, its version and its schema. It does not
// compute anew what follows from the rest, as [Read] does: an earlier version may have counted otherwise.
func Check(text []byte) error { return check(text) }
