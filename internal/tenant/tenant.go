package tenant

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
)

// Tenant is an invented tenant. It may be written and read any number of times, also at once.
type Tenant struct {
	spec      Spec
	profile   profile
	words     vocabulary
	templates map[string]template
	settings  []setting
	symbols   symbols

	// People are dealt to cohorts, and shares are dealt within each.
	cohorts                 deck
	guests, disabled, staff cohort
	teams                   int

	licenceShares    []float64
	departmentShares []float64 // by position in the profile's groups
	mailPlans        map[string]bool
}

// New invents a tenant.
func New(spec Spec) (*Tenant, error) {
	t := &Tenant{spec: spec}
	if err := t.load(); err != nil {
		return nil, fmt.Errorf("inventing %s: %w", spec.Name, err)
	}
	return t, nil
}

func (t *Tenant) load() (err error) {
	if t.profile, err = loadProfile(t.spec.Profile); err != nil {
		return err
	}
	if t.words, err = loadVocabulary(); err != nil {
		return err
	}
	if t.templates, err = loadTemplates(t.spec.Profile); err != nil {
		return err
	}
	if t.settings, err = t.chosenSettings(); err != nil {
		return err
	}
	if err := t.check(); err != nil {
		return err
	}
	t.populate()
	t.symbols = t.newSymbols()
	return nil
}

// check finds what can't be invented.
func (t *Tenant) check() error {
	if t.spec.Name == "" {
		return errors.New("the tenant has no name")
	}
	if t.spec.CollectedAt.IsZero() {
		return errors.New("the time of collection is not given")
	}
	if least := len(t.profile.Administrators) + 1; t.spec.Users < least {
		return fmt.Errorf("%d users: a tenant of profile %s has at least %d", t.spec.Users, t.spec.Profile, least)
	}
	known := t.Datasets()
	for _, name := range slices.Concat(slices.Sorted(maps.Keys(t.spec.Failed)), t.spec.Missing) {
		if !slices.Contains(known, name) {
			return fmt.Errorf("dataset %q is not known", name)
		}
	}
	return nil
}

func (t *Tenant) chosenSettings() ([]setting, error) {
	if len(t.spec.Settings) == 0 {
		return t.words.Settings, nil
	}
	var chosen []setting
	for _, id := range t.spec.Settings {
		at := slices.IndexFunc(t.words.Settings, func(s setting) bool { return s.ID == id })
		if at < 0 {
			return nil, fmt.Errorf("device setting %q is not known", id)
		}
		chosen = append(chosen, t.words.Settings[at])
	}
	return chosen, nil
}

// populate deals people to cohorts.
func (t *Tenant) populate() {
	shares, seed := t.profile.People, t.spec.Seed
	size := t.spec.Users - len(t.profile.Administrators)
	guests := portion(size, shares.Guests)
	disabled := portion(size, shares.Guests+shares.Disabled) - guests
	t.cohorts = newDeck(seed, "cohorts", size)
	t.guests = newCohort(seed, "guest", guests)
	t.disabled = newCohort(seed, "disabled", disabled)
	t.staff = newCohort(seed, "staff", size-guests-disabled)
	t.teams = max(1, t.staff.size/t.profile.Teams.People)
	for _, l := range shares.Licences {
		t.licenceShares = append(t.licenceShares, l.Share)
	}
	for _, g := range t.profile.Groups {
		t.departmentShares = append(t.departmentShares, g.Share)
	}
	t.mailPlans = map[string]bool{}
	for sku := range t.words.Licences {
		t.mailPlans[sku] = t.mailPlan(sku)
	}
}

func (t *Tenant) newSymbols() symbols {
	one := map[string]string{
		"tenant": t.guid("tenant", 0), "name": t.spec.Name, "title": t.title(), "domain": t.domain(), "initial": t.initialDomain(),
	}
	for i := range t.profile.Administrators {
		p := t.administrator(i)
		one["user:"+p.key], one["upn:"+p.key] = t.userID(i), t.upn(p)
	}
	for _, g := range t.profile.Groups {
		one["group:"+g.Key] = t.groupID(g.Key)
		if g.Mail != "" {
			one["mail:"+g.Key] = t.groupMail(g)
		}
	}
	var roles []string
	for _, name := range slices.Sorted(maps.Keys(t.words.Roles)) {
		one["role:"+name] = t.words.Roles[name]
		roles = append(roles, t.words.Roles[name])
	}
	return symbols{one: one, many: map[string][]string{"roles": roles}, guid: func(label string) string { return t.guid(label, 0) }}
}

// computed are the datasets that grow with the tenant.
func (t *Tenant) computed() map[string]iter.Seq[any] {
	return map[string]iter.Seq[any]{
		"entra.users":                            t.users,
		"entra.user_registration":                t.registrations,
		"entra.groups":                           t.groups,
		"entra.group_members":                    t.memberships,
		"entra.group_member_lists":               t.memberLists,
		"entra.role_assignments":                 t.roleAssignments,
		"entra.subscribed_skus":                  t.subscribedSKUs,
		"exchange.mailboxes":                     t.mailboxes,
		"exchange.groups":                        t.mailGroups,
		"exchange.group_members":                 t.mailMemberships,
		"defender_endpoint.secure_configuration": t.configurations,
	}
}

// Datasets returns the names of all datasets that a tenant can have, sorted.
func (t *Tenant) Datasets() []string {
	return slices.Sorted(func(yield func(string) bool) {
		for name := range t.templates {
			if !yield(name) {
				return
			}
		}
		for name := range t.computed() {
			if !yield(name) {
				return
			}
		}
	})
}

// Document returns a dataset that is one document.
func (t *Tenant) Document(name string) (any, error) {
	template, ok := t.templates[name]
	if !ok || template.Document == nil {
		return nil, fmt.Errorf("dataset %q is not a document", name)
	}
	document, err := t.symbols.fill(template.Document)
	if err != nil {
		return nil, fmt.Errorf("filling %s: %w", name, err)
	}
	return document, nil
}

// Records yields the records of a dataset, each as a value that encodes to JSON, and ends with an
// error if the context is cancelled or the dataset is not one of records.
func (t *Tenant) Records(ctx context.Context, name string) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for record, err := range t.records(name) {
			if err == nil {
				err = ctx.Err()
			}
			if !yield(record, err) || err != nil {
				return
			}
		}
	}
}

func (t *Tenant) records(name string) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		if computed, ok := t.computed()[name]; ok {
			computed(func(record any) bool { return yield(record, nil) })
			return
		}
		template, ok := t.templates[name]
		if !ok || template.Document != nil {
			yield(nil, fmt.Errorf("dataset %q is not a list", name))
			return
		}
		for _, record := range template.Records {
			filled, err := t.symbols.fill(merge(template.Each, record))
			if err != nil {
				err = fmt.Errorf("filling %s: %w", name, err)
			}
			if !yield(filled, err) {
				return
			}
		}
	}
}

func (t *Tenant) domain() string { return t.spec.Name + ".example" }

func (t *Tenant) initialDomain() string { return t.spec.Name + ".onmicrosoft.example" }
