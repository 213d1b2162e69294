package msgraph

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// stem returns the name of a file without its ending and that of compression.
func stem(file string) string {
	for _, packed := range []string{".gz", ".zst"} {
		file = strings.TrimSuffix(file, packed)
	}
	return strings.TrimSuffix(file, path.Ext(file))
}

// baseName returns the name of a file without its folder, its ending and the number of a page.
func baseName(file string) string {
	return strings.TrimRight(stem(path.Base(file)), "0123456789-_. ()")
}

// ranksNamed returns the endpoints that a file is named after: one, or all of a dataset.
func ranksNamed(known []endpoint, file string) []int {
	name := baseName(file)
	cmdlet, _ := cmdletNamed(file)
	var ranks []int
	for rank, e := range known {
		after := slices.ContainsFunc(e.cmdlets, func(c string) bool { return strings.EqualFold(c, cmdlet) })
		if e.refused == "" && (e.named(name) || after) {
			ranks = append(ranks, rank)
		}
	}
	return ranks
}

var cmdletFile = regexp.MustCompile(`(?i)^get-mg(beta)?([a-z][a-z0-9]*)([^a-z0-9].*)?$`)

// cmdletNamed returns the cmdlet of Microsoft Graph PowerShell that a file is named after, in the
// spelling of v1.0, and the type that its name asks for.
func cmdletNamed(file string) (cmdlet, cast string) {
	base := path.Base(file)
	found := cmdletFile.FindStringSubmatch(stem(base))
	if found == nil {
		return "", ""
	}
	noun := found[2]
	for _, kind := range []string{"User", "Group", "Device", "ServicePrincipal", "Application", "OrgContact"} {
		if i := len(noun) - len("As"+kind); i > 0 && strings.EqualFold(noun[i:], "As"+kind) {
			return "Get-Mg" + noun[:i], "microsoft.graph." + strings.ToLower(kind[:1]) + kind[1:]
		}
	}
	return "Get-Mg" + noun, ""
}

// isNamed reports whether a file is named after what it answers: a cmdlet of Microsoft Graph PowerShell, an endpoint,
// a dataset, or the members of a group.
func isNamed(file string) bool {
	rank, _ := named(endpoints(), file)
	return rank >= 0
}

// named returns the endpoint that a file is named after: by a cmdlet, a dataset, the members of a
// group, or a path. It counts for answers that do not say themselves what they answer.
func named(known []endpoint, file string) (rank int, from request) {
	if cmdlet, cast := cmdletNamed(file); cmdlet != "" {
		rank := rankOfCmdlet(known, cmdlet)
		if rank < 0 {
			return -1, request{}
		}
		group, _ := guidIn(file)
		return rank, request{path: known[rank].path, key: group, cast: cast, series: "Microsoft Graph PowerShell#" + cmdlet}
	}
	if members, ok := groupNamed(file); ok {
		members.series = "#" + members.path
		return rankOf(known, members.path), members
	}
	for _, rank := range ranksNamed(known, file) {
		e := known[rank]
		if e.dataset == groupMembers {
			continue
		}
		sure := e.bare || strings.EqualFold(baseName(file), e.dataset)
		return rank, request{path: e.path, series: "#" + e.path, guessed: !sure}
	}
	return -1, request{}
}

var (
	membersFile = regexp.MustCompile(`(?i)(?:^|_)groups?_([^_]+)_(transitiveMembers|members)(?:_(microsoft\.graph\.[a-z]+))?([^a-z].*)?$`)
	memberWord  = regexp.MustCompile(`(?i)(transitive[-_ ]?)?members?([^a-z]|$)`)
	guid        = regexp.MustCompile(`(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
)

// groupNamed returns the group whose members a file is named after, folders included. The context
// of such an answer says no more than that it holds objects of the directory, or users.
func groupNamed(file string) (request, bool) {
	name := strings.ReplaceAll(stem(file), "/", "_")
	if found := membersFile.FindStringSubmatch(name); found != nil {
		r := request{path: directMembers, key: found[1], cast: found[3]}
		if strings.EqualFold(found[2], "transitiveMembers") {
			r.path = transitiveMembers
		}
		return r, true
	}
	id, ok := guidIn(file)
	base := guid.ReplaceAllString(path.Base(file), "#")
	word := memberWord.FindStringSubmatch(base)
	if !ok || word == nil || otherMembers.MatchString(base) {
		return request{}, false
	}
	r := request{path: directMembers, key: id}
	if word[1] != "" {
		r.path = transitiveMembers
	}
	return r, true
}

// guidIn returns the one GUID in the name of a file, without its folders.
func guidIn(file string) (string, bool) {
	found := guid.FindAllString(path.Base(file), -1)
	if len(found) != 1 {
		return "", false
	}
	return found[0], true
}

var (
	otherMembers = regexp.MustCompile(`(?i)role|administrative|unit`) // have members, too
	relationWord = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:(?:registered)?owners?|registeredusers|directreports?|managers?|(?:transitive)?memberof|transitivemembers?|` +
		`administrativeunits?|directoryroles?|roles?|sponsors?|owned(?:objects|devices)|(?:accepted|rejected)senders|microsoft\.graph\.[a-z]+)(?:[^a-z]|$)`)
	relationPath = regexp.MustCompile(`(?i)(?:^|/)[a-z]+/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/[a-z]+/`)
	deletedWord  = regexp.MustCompile(`(?i)deleted`)
	partFolder   = regexp.MustCompile(`(?i)^(?:guests?|externals?|members?|enabled|disabled)$`)
	partWord     = regexp.MustCompile(`(?i)(?:^|[^a-z])(guests?|externals?|members?|enabled|disabled)(?:[^a-z]|$)`)
)

// isRelationNamed reports whether a file is named after what belongs to one object, such as the
// owners of a group, by its own name or by folders that are the path of the request. The context of
// such an answer may be that of all users.
func isRelationNamed(file string) bool {
	base := path.Base(file)
	return relationWord.MatchString(stem(base)) || relationPath.MatchString(file)
}

// partNamed returns the filter of the users that a file, or the folder around it, is named after;
// "" if there is none.
func partNamed(file string) string {
	base := path.Base(file)
	found := partWord.FindStringSubmatch(stem(base))
	if folder := path.Base(path.Dir(file)); found == nil && partFolder.MatchString(folder) {
		found = []string{folder, folder}
	}
	if found == nil {
		return ""
	}
	switch word := strings.ToLower(found[1]); strings.TrimSuffix(word, "s") {
	case "guest", "external":
		return "userType eq 'Guest'"
	case "member":
		return "userType eq 'Member'"
	case "enabled":
		return "accountEnabled eq true"
	default:
		return "accountEnabled eq false"
	}
}
