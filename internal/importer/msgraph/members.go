package msgraph

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/jsonfile"
	"github.com/posture-score/posture/schemas"
)

const (
	userType  = "microsoft.graph.user"
	groupType = "microsoft.graph.group"

	// maxExpanded is the number of objects that Graph returns of an expanded relation, without
	// saying whether there are more.
	maxExpanded = 20

	// maxNested bounds the pairs of group and member that nested groups add, where every group may
	// hold every other.
	maxNested = 5_000_000
)

// member is one object in a group.
type member struct{ id, kind string } // kind as "@odata.type" has it; "" if nothing says

// membership is what was saved about the members of one group.
type membership struct {
	streamed []answer // all members, also of nested groups, in answers that are read when they are written
	direct   []member // those that belong to it themselves
	all      []member // with those of nested groups; nil until they are put together
	whole    bool     // direct has all of them
	complete bool     // all, or what is streamed, has all users
}

// memberships are those of all groups, by id in lower case.
type memberships struct {
	groups map[string]*membership
	nested int // pairs that were put together so far
}

func newMemberships() *memberships { return &memberships{groups: map[string]*membership{}} }

func (m *memberships) of(group string) *membership {
	id := strings.ToLower(group)
	if m.groups[id] == nil {
		m.groups[id] = &membership{}
	}
	return m.groups[id]
}

// decideMembers decides what is known of the members of groups. A group without a record in
// entra.group_member_lists has unknown members, so both datasets may leave out groups, and may be
// empty: the members of a group that a policy or a role names, and that is not there, are unknown.
// The datasets are written if anything was saved that could name a group, or if there are no
// groups.
func (r *responses) decideMembers(ctx context.Context) error {
	if err := r.gatherMembers(ctx); err != nil {
		return err
	}
	groups, known := r.made["entra.groups"]
	none := known && groups.from.pages != nil && !slices.ContainsFunc(groups.from.pages, func(a answer) bool { return a.records > 0 })
	_, policies := r.made["entra.conditional_access_policies"]
	_, roles := r.made[roleAssignments]
	failures := r.plan.errors[groupMembers]
	switch {
	case len(r.member.groups) > 0, none, policies, roles:
	case len(failures) > 0:
		r.failed[groupMembers], r.failed[groupMemberLists] = failures[0], failures[0]
		return nil
	default:
		return nil
	}
	for _, l := range failures {
		r.plan.skip(l.file, "the members of the groups that no other file has are not known: "+l.reason)
	}
	file := r.memberFile()
	for _, name := range []string{groupMembers, groupMemberLists} {
		dataset, _ := r.plan.registry.Dataset(name)
		r.made[name] = &made{dataset: dataset, file: file, isHeld: true, held: r.member.lists()}
	}
	return nil
}

// memberFile returns a file that the memberships are from.
func (r *responses) memberFile() string {
	if answers := r.plan.answers[groupMembers]; len(answers) > 0 {
		return answers[0].file
	}
	for _, name := range []string{"entra.groups", "entra.conditional_access_policies", roleAssignments} {
		if m, ok := r.made[name]; ok {
			return m.file
		}
	}
	return ""
}

// gatherMembers reads what was saved about the members of each group.
func (r *responses) gatherMembers(ctx context.Context) error {
	dataset, _ := r.plan.registry.Dataset(groupMembers)
	var keyed []answer
	for _, a := range r.plan.answers[groupMembers] {
		if a.key == "" {
			r.plan.skip(a.file, "nothing says whose members it lists: name the file groups_ID_transitiveMembers.json")
			continue
		}
		keyed = append(keyed, a)
	}
	var readings []*reading
	var then []func(error)
	for _, answers := range grouped(keyed, func(a answer) string { return strings.ToLower(a.key) }) {
		pages, visit, done := r.membersOf(dataset, answers)
		readings, then = append(readings, &reading{answers: pages, visit: visit}), append(then, done)
	}
	if err := r.eachOf(ctx, readings); err != nil {
		return err
	}
	for i, done := range then {
		done(readings[i].err)
	}
	if err := r.expandedMembers(ctx); err != nil {
		return err
	}
	for group := range r.plan.groups {
		r.member.of(group)
	}
	return r.nest(ctx)
}

// membersOf returns which answers about one group are to be read, and by whom; done is called with
// the error of that. Transitive members are streamed when they are written; the users among them are
// all that rules read.
func (r *responses) membersOf(dataset *schemas.Dataset, answers []answer) (pages []answer, visit func(answer, map[string]any, int) error, done func(error)) {
	m := r.member.of(answers[0].key)
	wholes, gaps := gather(dataset, answers)
	for _, g := range gaps {
		r.plan.skip(g.file, fmt.Sprintf("the members of group %s are not all known: %s", jsonfile.Clip(answers[0].key), g.reason))
	}
	of := func(path, cast string) (whole, bool) {
		i := slices.IndexFunc(wholes, func(w whole) bool {
			return w.filter == "" && w.pages[0].path == path && strings.EqualFold(w.pages[0].cast, cast)
		})
		if i < 0 {
			return whole{}, false
		}
		return wholes[i], true
	}
	for _, cast := range []string{"", userType} {
		if w, ok := of(transitiveMembers, cast); ok {
			check := func(a answer, record map[string]any, _ int) error {
				_, err := requireMember(a, record)
				return err
			}
			return w.pages, check, func(err error) {
				if err == nil {
					m.streamed, m.complete = w.pages, true
				}
				r.incomplete(m, w.file(), err)
			}
		}
	}
	all, ok := of(directMembers, "")
	users, haveUsers := of(directMembers, userType)
	inner, haveInner := of(directMembers, groupType)
	switch {
	case ok:
		pages, m.whole = all.pages, true
	case haveUsers && haveInner:
		pages, m.whole = slices.Concat(users.pages, inner.pages), true
	default:
		pages = answers
	}
	return pages, m.addDirect, func(err error) { r.incomplete(m, pages[0].file, err) }
}

// addDirect adds a record to the direct members of a group.
func (m *membership) addDirect(a answer, record map[string]any, _ int) error {
	one, err := requireMember(a, record)
	if err == nil {
		m.direct = append(m.direct, one)
	}
	return err
}

// incomplete notes that a file of members cannot be read, if it can't, so that members are missing.
func (r *responses) incomplete(m *membership, file string, err error) {
	if err != nil {
		m.whole, m.complete = false, false
		r.plan.skip(file, "not all members of a group are known: "+err.Error())
	}
}

// memberOf returns the member that a record is. Without an id, or with several in one text, it is
// unknown.
func memberOf(a answer, record map[string]any) (member, bool) {
	id, ok := record["id"].(string)
	kind, _ := record["@odata.type"].(string)
	if kind == "" && a.cast != "" {
		kind = "#" + a.cast
	}
	return member{strings.ToLower(id), kind}, ok && id != "" && !strings.ContainsAny(id, " ,;\t\r\n")
}

// requireMember returns the member that a record is, or an error if it is unknown.
func requireMember(a answer, record map[string]any) (member, error) {
	one, ok := memberOf(a, record)
	if !ok {
		return member{}, &evidence.Error{Summary: "a member of group " + jsonfile.Clip(a.key) + " has no id, or several in one text"}
	}
	return one, nil
}

// expandedMembers adds the members that the records of groups list themselves.
func (r *responses) expandedMembers(ctx context.Context) error {
	groups := r.plan.answers["entra.groups"]
	if !slices.ContainsFunc(groups, mayExpand) {
		return nil
	}
	err := r.each(ctx, groups, func(_ answer, record map[string]any, _ int) error {
		id, _ := record["id"].(string)
		for _, relation := range []string{"transitiveMembers", "members"} {
			list, ok := record[relation].([]any)
			if !ok || id == "" {
				continue
			}
			m := r.member.of(id)
			if m.streamed != nil || m.whole {
				return nil
			}
			more := record[relation+"@odata.nextLink"] != nil
			m.addExpanded(list, !more && len(list) < maxExpanded, relation == "transitiveMembers")
		}
		return nil
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		// The groups themselves fail with the same reason.
		for _, m := range r.member.groups {
			m.whole, m.complete = false, m.complete && m.streamed != nil
		}
	}
	return nil
}

// mayExpand reports whether an answer about groups may hold their members.
func mayExpand(a answer) bool {
	return strings.Contains(strings.ToLower(a.series), "members") || a.filled["members"] || a.filled["transitivemembers"]
}

// addExpanded adds members that the record of their group lists.
func (m *membership) addExpanded(list []any, whole, transitive bool) {
	for _, element := range list {
		record, _ := element.(map[string]any)
		if isDeleted(record) {
			continue
		}
		one, ok := memberOf(answer{}, unfolded(record))
		if whole = whole && ok; ok {
			m.direct = append(m.direct, one)
		}
	}
	m.whole = m.whole || whole
	m.complete = m.complete || whole && transitive
}

// lists returns the records of entra.group_member_lists.
func (m *memberships) lists() []any {
	records := []any{}
	for _, group := range sortedKeys(m.groups) {
		records = append(records, map[string]any{"groupId": group, "complete": m.groups[group].complete})
	}
	return records
}

// memberRecords streams the records of entra.group_members.
func (r *responses) memberRecords(ctx context.Context) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		var streamed []answer
		for _, group := range sortedKeys(r.member.groups) {
			streamed = append(streamed, r.member.groups[group].streamed...)
		}
		pairs := map[digest]bool{}
		pass := func(group string, one member) bool {
			key := digestOf([]byte(group + "\x00" + one.id))
			if pairs[key] {
				return true
			}
			pairs[key] = true
			record := map[string]any{"groupId": group, "memberId": one.id}
			if one.kind != "" {
				record["memberType"] = one.kind
			}
			return yield(record, nil)
		}
		err := r.each(ctx, streamed, func(a answer, record map[string]any, _ int) error {
			one, err := requireMember(a, record)
			switch {
			case err != nil:
				return err
			case !pass(strings.ToLower(a.key), one):
				return jsonfile.ErrStop
			}
			return nil
		})
		if err != nil {
			yield(nil, err)
			return
		}
		for _, group := range sortedKeys(r.member.groups) {
			m := r.member.groups[group]
			for _, one := range slices.Concat(m.direct, m.all) {
				if !pass(group, one) {
					return
				}
			}
		}
	}
}

// nest computes the transitive members of the groups of which only direct members were saved.
func (r *responses) nest(ctx context.Context) error {
	untyped := false
	for _, id := range sortedKeys(r.member.groups) {
		m := r.member.groups[id]
		untyped = untyped || slices.ContainsFunc(m.direct, func(one member) bool { return one.kind == "" })
	}
	groups, err := r.groupIDs(ctx, untyped)
	if err != nil {
		return err
	}
	isGroup := func(one member) (is, sure bool) {
		switch {
		case one.kind != "":
			return strings.EqualFold(one.kind, "#"+groupType), true
		case r.member.groups[one.id] != nil:
			return true, true
		}
		return groups[one.id], groups != nil
	}
	if err := r.readNested(ctx, isGroup); err != nil {
		return err
	}
	for _, id := range sortedKeys(r.member.groups) {
		if m := r.member.groups[id]; m.streamed == nil && !m.complete {
			m.all, m.complete = r.member.closure(id, isGroup)
		}
	}
	return nil
}

// groupIDs returns the ids of all groups if they are wanted and known, or nil.
func (r *responses) groupIDs(ctx context.Context, wanted bool) (map[string]bool, error) {
	m, ok := r.made["entra.groups"]
	if !ok || !wanted || m.isHeld {
		return nil, nil
	}
	ids := map[string]bool{}
	err := r.each(ctx, m.from.pages, func(_ answer, record map[string]any, _ int) error {
		id, _ := record["id"].(string)
		ids[strings.ToLower(id)] = true
		return nil
	})
	if err != nil {
		return nil, ctx.Err()
	}
	return ids, nil
}

// readNested reads the members of groups within other groups, which would otherwise be streamed
// when they are written.
func (r *responses) readNested(ctx context.Context, isGroup func(member) (is, sure bool)) error {
	// inner returns the group that is a member, if its members are streamed.
	inner := func(one member) *membership {
		if m := r.member.groups[one.id]; m != nil && m.streamed != nil {
			if is, _ := isGroup(one); is {
				return m
			}
		}
		return nil
	}
	read, err := r.nested(ctx, inner)
	if err != nil {
		return err
	}
	for _, id := range sortedKeys(r.member.groups) {
		for _, one := range r.member.groups[id].direct {
			if m := inner(one); m != nil {
				file := m.streamed[0].file
				m.streamed = nil
				m.direct = append(m.direct, read[m].direct...)
				r.incomplete(m, file, read[m].err)
			}
		}
	}
	return nil
}

// nestedMembers are those of a group, as far as they could be read.
type nestedMembers struct {
	direct []member
	err    error
}

// nested reads the streamed members of all groups within others, a level at a time, so that a file is
// read once for all groups of a level.
func (r *responses) nested(ctx context.Context, inner func(member) *membership) (map[*membership]*nestedMembers, error) {
	found := map[*membership]*nestedMembers{}
	var level []*membership
	look := func(members []member) {
		for _, one := range members {
			if m := inner(one); m != nil && found[m] == nil {
				found[m] = &nestedMembers{}
				level = append(level, m)
			}
		}
	}
	for _, id := range sortedKeys(r.member.groups) {
		look(r.member.groups[id].direct)
	}
	for len(level) > 0 {
		now := level
		level = nil
		readings := make([]*reading, len(now))
		copies := make([]membership, len(now))
		for i, m := range now {
			readings[i] = &reading{answers: m.streamed, visit: copies[i].addDirect}
		}
		if err := r.eachOf(ctx, readings); err != nil {
			return nil, err
		}
		for i, m := range now {
			*found[m] = nestedMembers{direct: copies[i].direct, err: readings[i].err}
			look(copies[i].direct)
		}
	}
	return found, nil
}

// closure returns the members that a group has through others, and whether these are all.
func (m *memberships) closure(start string, isGroup func(member) (is, sure bool)) (all []member, complete bool) {
	complete = true
	reached := map[string]bool{start: true}
	waiting := []string{start}
	for len(waiting) > 0 {
		id := waiting[0]
		waiting = waiting[1:]
		from := m.groups[id]
		if from == nil || !from.whole && !from.complete {
			complete = false
			if from == nil {
				continue
			}
		}
		for _, one := range from.direct {
			if id != start {
				all = append(all, one)
				m.nested++
			}
			is, sure := isGroup(one)
			complete = complete && (sure || from.complete)
			if is && !reached[one.id] && !from.complete {
				reached[one.id] = true
				waiting = append(waiting, one.id)
			}
		}
		if m.nested > maxNested {
			return all, false
		}
	}
	return all, complete
}
