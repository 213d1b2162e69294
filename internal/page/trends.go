package page

// trendsOf returns the model of the tab.
func trendsOf(f *frame) (any, error) { return struct{ *frame }{f}, nil }
