package attribution

// word returns what happened to an action: what its greatest part says.
func (c *Change) word() Word {
	if len(c.Parts) == 0 {
		return NoEffect
	}
	greatest := c.Parts[0]
	for _, part := range c.Parts[1:] {
		if part.weight() > greatest.weight() {
			greatest = part
		}
	}
	switch greatest.Cause {
	case Catalog, Parameters:
		return InCatalog
	case License:
		return Scope
	case Evidence:
		return Unknown
	case Population:
		return populationWord(greatest.Detail)
	case Exclusion, Status:
		return Decided
	case Engine:
		return Program
	case Incomparable:
		return NotTold
	}
	switch {
	case greatest.Points > 0:
		return Improved
	case greatest.Points < 0:
		return Regressed
	}
	return NoEffect
}

func populationWord(subject string) Word {
	switch subject {
	case "users":
		return Users
	case "devices":
		return Devices
	}
	return Records
}

// weight is how much a part changed, in hundredths.
func (p Part) weight() int64 { return abs(int64(p.Points)) + abs(int64(p.Total)) }

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}
