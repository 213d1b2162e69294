package randpolicy

import (
	"fmt"
	"strings"
)

// Record is the text of a record, in any order, with anything in its fields or without them.
func (r Generator) Record() string {
	var members []string
	if !r.chance(3) {
		members = append(members, `"id"`+r.blank()+":"+r.id())
	}
	for _, name := range []string{"a", "b", "c", "d", "e", "one", "many", "zz"} {
		if r.chance(70) && (len(name) == 1 || r.chance(10)) {
			members = append(members, r.name(name)+r.blank()+":"+r.blank()+r.value(3))
		}
	}
	if r.chance(10) {
		members = append(members, r.name(r.pick("a", "b", "c"))+":"+r.value(2)) // a second of the name
	}
	r.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	return "{" + r.blank() + strings.Join(members, r.blank()+","+r.blank()) + "}"
}

func (r Generator) id() string {
	if r.chance(3) {
		return r.pick("7", "null", `["x"]`)
	}
	return fmt.Sprintf(`"%s%d"`, r.pick("u", "U"), r.IntN(20))
}

func (r Generator) blank() string { return r.pick("", "", "", " ", "\t", " \n ") }

// name is a name, written with an escape at times.
func (r Generator) name(name string) string {
	if r.chance(5) {
		return fmt.Sprintf(`"\u%04x%s"`, name[0], name[1:])
	}
	return `"` + name + `"`
}

func (r Generator) value(depth int) string {
	if depth > 0 && r.chance(45) {
		count := r.IntN(4)
		var parts []string
		if r.chance(50) {
			for range count {
				parts = append(parts, r.value(depth-1))
			}
			return "[" + strings.Join(parts, ","+r.blank()) + "]"
		}
		for range count {
			parts = append(parts, r.name(r.pick("a", "b", "c", "k"))+":"+r.value(depth-1))
		}
		return "{" + strings.Join(parts, ",") + "}"
	}
	if r.chance(10) {
		return fmt.Sprintf(`"w%d"`, r.IntN(100_000))
	}
	return r.pick("true", "false", "null", "0", "1", "2", "-0", "3.0", "1e2", "12345678901234567890", "0.1", `""`, `"x"`, `"y"`, `"a"`, `"X"`, `"é\u00e9\n"`, `"\ud83d\ude00"`, `"2"`)
}
