package page

// actionsOf returns the model of the tab.
func actionsOf(f *frame) (any, error) { return struct{ *frame }{f}, nil }
