package engine

// Invariant: failures are told in the order of the evidence and, of one record, of the controls' ids; what the population lacks comes last.

// Failure is a record in scope of a control that does not comply. Of a control whose rule fails they are those before the record on
// which it does.
type Failure struct {
	Control string   `json:"control"`
	Dataset string   `json:"dataset"`
	Key     string   `json:"key"`     // of the record, as the dataset's key field holds it
	Reasons []string `json:"reasons"` // never null
}

// tellFailures hands on the failures of a part, the first record of which has that index.
func (p *population) tellFailures(list []failure, first int64) error {
	for _, f := range list {
		if f.task.fault != "" {
			continue // a reader that is ahead has not heard of it
		}
		told := Failure{Control: f.task.control.ID, Dataset: p.name, Key: f.record.in(first), Reasons: f.reasons}
		if told.Reasons == nil {
			told.Reasons = []string{}
		}
		if err := p.run.settings.Failures(told); err != nil {
			return err
		}
	}
	return nil
}
