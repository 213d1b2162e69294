package api

// Fill takes all slots, until what it returns is called.
func (a *API) Fill() (free func()) {
	for range cap(a.slots) {
		a.slots <- struct{}{}
	}
	return func() {
		for range cap(a.slots) {
			<-a.slots
		}
	}
}
