package page

// historyOf returns the model of the tab.
func historyOf(f *frame) (any, error) { return struct{ *frame }{f}, nil }
