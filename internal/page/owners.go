package page

// ownersOf returns the model of the tab.
func ownersOf(f *frame) (any, error) { return struct{ *frame }{f}, nil }
