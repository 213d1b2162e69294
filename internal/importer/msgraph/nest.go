package msgraph

import (
	"context"
	"slices"
	"strings"
)

// nest puts the members of nested groups together for the groups of which only
// those are known that belong to them directly.
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
			m.all, m.complete = r.member.close(id, isGroup)
		}
	}
	return nil
}

// groupIDs gives the ids of all groups, if it is wanted and they are known; nil if not.
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

// readNested reads the members of groups that stand in others, where they would
// else be read when they are written.
func (r *responses) readNested(ctx context.Context, isGroup func(member) (is, sure bool)) error {
	for _, id := range sortedKeys(r.member.groups) {
		for _, one := range r.member.groups[id].direct {
			is, _ := isGroup(one)
			inner := r.member.groups[one.id]
			if !is || inner == nil || inner.streamed == nil {
				continue
			}
			pages := inner.streamed
			inner.streamed = nil
			if err := r.readMembers(ctx, inner, pages); err != nil {
				return err
			}
		}
	}
	return nil
}

// close gives all that belong to a group through others, and whether these are
// all there are.
func (m *memberships) close(start string, isGroup func(member) (is, sure bool)) (all []member, complete bool) {
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
