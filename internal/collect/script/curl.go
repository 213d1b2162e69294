package script

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/posture-score/posture/internal/collect"
)

// Curl writes a shell script that collects what a plain request returns (Microsoft Graph, Defender
// for Endpoint, the Office 365 Management APIs), with curl and jq. It saves the answers as they
// come: posture reads the folder as one of saved responses.
func Curl(w io.Writer, plan *collect.Plan) error {
	p := &page{Plan: plan, Uses: map[string]bool{}}
	for _, service := range collect.Services() {
		if !service.Requested() {
			continue
		}
		s := connection(service)
		for _, d := range plan.Datasets {
			if d.Service != service || d.Name == collect.MemberLists { // posture makes these of the answers about members
				continue
			}
			if err := check(d); err != nil {
				return err
			}
			s.Items = append(s.Items, item{Dataset: d, Commands: fetches(d)})
		}
		// The groups have to be there before their members are requested.
		slices.SortStableFunc(s.Items, func(a, b item) int { return cmp.Compare(perGroup(a.Dataset), perGroup(b.Dataset)) })
		if len(s.Items) > 0 {
			p.Uses[string(service)] = true
			p.Sections = append(p.Sections, s)
		}
	}
	for _, d := range plan.Datasets {
		switch {
		case d.Service.Requested():
		case d.Service == collect.Hand:
			p.Hand = append(p.Hand, d)
		default:
			p.Others = append(p.Others, d)
		}
	}
	return render(w, "curl", curlText, p)
}

// perGroup is 1 for a dataset that is collected group by group, and 0 for others.
func perGroup(d collect.Dataset) int {
	if slices.ContainsFunc(d.Ways, func(way collect.Way) bool { return strings.Contains(way.From, "{id}") }) {
		return 1
	}
	return 0
}

// fetches returns the calls that fetch a dataset, the preferred one first. A file is named after
// the dataset or, if there are several ways to it, after the endpoint: so posture knows what it was
// that failed.
func fetches(d collect.Dataset) []string {
	var endpoints []collect.Way
	for _, way := range d.Ways {
		if way.Service.Requested() {
			endpoints = append(endpoints, way)
		}
	}
	var calls []string
	for _, way := range endpoints {
		address := strings.TrimPrefix(way.From, "GET ")
		name := d.Name
		if len(endpoints) > 1 {
			name = fileName(address)
		}
		switch {
		case way.Service == collect.Defender:
			calls = append(calls, fmt.Sprintf(`fetch "$defender_token" %s %s`, quoteShell(name), quoteShell(address)))
		case way.Service == collect.Management:
			// Its answer is not paged, and bears no context: posture knows the file by this name alone.
			calls = append(calls, fmt.Sprintf("fetch_of_tenant %s %s", quoteShell(d.Name), quoteShell(address)))
		case strings.Contains(address, "{id}"):
			before, after, _ := strings.Cut(query(way, address), "{id}")
			calls = append(calls, fmt.Sprintf("fetch_members %s %s", quoteShell("https://graph.microsoft.com"+before), quoteShell(after)))
		default:
			calls = append(calls, fmt.Sprintf(`fetch "$graph_token" %s %s`, quoteShell(name), quoteShell("https://graph.microsoft.com"+query(way, address))))
		}
	}
	return calls
}

var version = regexp.MustCompile(`^/(v1\.0|beta)/`)

// fileName names a file after an endpoint, as posture recognises it.
func fileName(address string) string {
	return strings.ReplaceAll(version.ReplaceAllString(address, ""), "/", "_")
}
