package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/securescore"
	"github.com/posture-score/posture/internal/snapshot"
)

// graphError is an error as Microsoft Graph answers it.
type graphError struct {
	Code       string     `json:"code"`
	Message    string     `json:"message"`
	InnerError innerError `json:"innerError"`
}

type innerError struct {
	Date string `json:"date"`
}

// graph returns a handler that answers as Microsoft Graph does.
func (a *API) graph(give func(*graphRequest) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := give(&graphRequest{API: a, w: w, r: r})
		if err == nil {
			return
		}
		p := a.problemOf(w, r, err)
		code := map[int]string{
			http.StatusBadRequest: "badRequest", http.StatusNotFound: "itemNotFound", http.StatusMethodNotAllowed: "notAllowed", http.StatusServiceUnavailable: "serviceNotAvailable",
		}[p.Status]
		if code == "" {
			code = "generalException"
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Del("ETag")
		w.WriteHeader(p.Status)
		_ = json.NewEncoder(w).Encode(struct { // who is gone gets nothing
			Error graphError `json:"error"`
		}{graphError{code, p.Detail, innerError{a.Now().UTC().Format("2006-01-02T15:04:05")}}})
	}
}

// graphRequest is a request for an answer of Graph.
type graphRequest struct {
	*API
	w http.ResponseWriter
	r *http.Request
}

// Sizes of a page. A day has a result for each of some hundred controls, a profile is small.
const (
	usualDays     = 30
	mostDays      = 90
	usualProfiles = 200
	mostProfiles  = 1000
)

// options are the query options of OData that are understood.
type options struct {
	top, skip int
	count     bool
	matches   predicate // nil for all
	tenant    string    // that the filter asks for; empty for none
}

func (g *graphRequest) options(kinds map[string]kind, usual, most int) (options, error) {
	o := options{}
	values, err := parameters(g.r, "$top", "$skip", "$filter", "$count", "$orderby")
	if err != nil {
		return o, err
	}
	if o.top, err = number(values, "$top", usual, 1, 1<<30); err != nil {
		return o, err
	}
	o.top = min(o.top, most) // a page; the rest is behind the nextLink
	if o.skip, err = number(values, "$skip", 0, 0, 1<<30); err != nil {
		return o, err
	}
	if o.count, err = flag(values, "$count"); err != nil {
		return o, err
	}
	if order := values.Get("$orderby"); values.Has("$orderby") && order != "createdDateTime desc" {
		return o, wrong("$orderby", "the newest come first: createdDateTime desc")
	}
	if values.Has("$filter") {
		filter := values.Get("$filter")
		if o.matches, err = parseFilter(filter, kinds); err != nil {
			return o, wrong("$filter", "%v", err)
		}
		o.tenant = tenantIn(filter)
	}
	return o, nil
}

// tenantIn returns the tenant that a filter names first, so that its snapshot is the one that is looked at.
func tenantIn(filter string) string {
	tokens, err := tokenize(filter)
	for i := 0; err == nil && i+2 < len(tokens); i++ {
		if tokens[i] == "azureTenantId" && strings.EqualFold(tokens[i+1], "eq") {
			return strings.ReplaceAll(strings.Trim(tokens[i+2], "'"), "''", "'")
		}
	}
	return ""
}

// shown returns the snapshot of the tenant that is asked for; nil for one that is not there, of which nothing matches.
func (g *graphRequest) shown(tenant string) (*snapshot.Snapshot, error) {
	s, err := g.snapshot(g.r.Context(), tenant)
	switch {
	case errors.Is(err, snapshot.ErrUnknownTenant) && tenant != "":
		return nil, nil //nolint:nilnil // nothing matches, which is no error
	case errors.Is(err, snapshot.ErrUnknownTenant):
		return nil, wrong("$filter", "there are several tenants: say which one, as azureTenantId eq 'ID'")
	}
	return s, err
}

// day is a day of a tenant: its last entry of the history, or the assessment of the snapshot if there is no history.
type day struct {
	date  string
	entry *history.Entry // nil for the assessment of the snapshot
}

// days returns the days of a tenant, newest first.
func days(s *snapshot.Snapshot) []day {
	list := []day{}
	if current := s.Assessment.EvaluatedAt.UTC().Format(time.DateOnly); s.Past == nil || len(s.Past.Entries) == 0 || s.Past.Entries[len(s.Past.Entries)-1].EvaluatedAt.Before(s.Assessment.EvaluatedAt) {
		list = append(list, day{date: current})
	}
	for i := range slices.Backward(past(s).Entries) {
		e := &s.Past.Entries[i]
		if date := e.EvaluatedAt.UTC().Format(time.DateOnly); e.Origin == history.Posture && !slices.ContainsFunc(list, func(d day) bool { return d.date == date }) {
			list = append(list, day{date: date, entry: e})
		}
	}
	return list
}

func (d day) score(s *snapshot.Snapshot) engine.Score {
	if d.entry == nil {
		return s.Assessment.Score
	}
	return d.entry.Score
}

func scoreKinds() map[string]kind {
	return map[string]kind{
		"id": isText, "azureTenantId": isText, "createdDateTime": isTime, "currentScore": isNumber, "maxScore": isNumber, "activeUserCount": isNumber,
		"licensedUserCount": isNumber, "vendorInformation/provider": isText, "vendorInformation/vendor": isText,
	}
}

func (d day) properties(s *snapshot.Snapshot) func(string) value {
	at, _ := time.Parse(time.DateOnly, d.date) // it was made of a time
	sum := d.score(s)
	return properties(map[string]value{
		"id": text(s.Tenant.ID + "_" + d.date), "azureTenantId": text(s.Tenant.ID), "createdDateTime": moment(at),
		"currentScore": hundredths(int64(sum.Achieved)), "maxScore": hundredths(int64(sum.Total)),
		"activeUserCount": hundredths(0), "licensedUserCount": hundredths(0),
		"vendorInformation/provider": text("SecureScore"), "vendorInformation/vendor": text("Microsoft"),
	})
}

// export returns a day as Graph answers it. Of an entry whose assessment was dropped, or can't be read here, there are the sums alone.
func (d day) export(ctx context.Context, s *snapshot.Snapshot) (securescore.Score, error) {
	benchmark, err := cohort.Microsoft()
	if err != nil {
		return securescore.Score{}, err
	}
	a := s.Assessment
	if e := d.entry; e != nil {
		a = &engine.Assessment{Tenant: s.Tenant, EvaluatedAt: e.EvaluatedAt, Score: e.Score}
		if past(s).Assessment != nil && !e.Pruned {
			if a, err = s.Past.Assessment(ctx, e.ID); err != nil {
				return securescore.Score{}, err
			}
		}
	}
	return securescore.NewScore(a, s.Catalog, benchmark), nil
}

// collection is an answer with several resources.
type collection[V any] struct {
	Context string `json:"@odata.context"`
	Count   *int   `json:"@odata.count,omitempty"`
	Next    string `json:"@odata.nextLink,omitempty"`
	Value   []V    `json:"value"`
}

// cut returns the part of a list that an answer has, and the address of the rest.
func cut[V any](g *graphRequest, list []V, o options) (some []V, count *int, next string) {
	if o.count {
		n := len(list)
		count = &n
	}
	list = list[min(o.skip, len(list)):]
	if len(list) > o.top {
		list, next = list[:o.top], g.link(o.skip+o.top)
	}
	return list, count, next
}

// link returns the address of this request, on this host, with another $skip.
func (g *graphRequest) link(skip int) string {
	values := g.r.URL.Query()
	values.Set("$skip", strconv.Itoa(skip))
	u := url.URL{Scheme: "http", Host: g.r.Host, Path: g.r.URL.Path, RawQuery: values.Encode()}
	if strings.HasPrefix(g.Origin, "https:") { // a proxy asks without
		u.Scheme = "https"
	}
	return u.String()
}

func scores(g *graphRequest) error {
	o, err := g.options(scoreKinds(), usualDays, mostDays)
	if err != nil {
		return err
	}
	s, err := g.shown(o.tenant)
	if err != nil {
		return err
	}
	var list []day
	if s != nil {
		if unchanged(g.w, g.r, s) {
			return nil
		}
		list = slices.DeleteFunc(days(s), func(d day) bool { return o.matches != nil && !o.matches(d.properties(s)) })
	}
	answer := collection[securescore.Score]{Context: securescore.ScoresContext}
	list, answer.Count, answer.Next = cut(g, list, o)
	if answer.Value, err = g.export(s, list); err != nil {
		return err
	}
	return send(g.w, answer)
}

// export returns days of a tenant as Graph answers them. It waits for a slot, which it gives back before anything is sent: who reads slowly
// keeps nobody waiting.
func (g *graphRequest) export(s *snapshot.Snapshot, list []day) ([]securescore.Score, error) {
	done, err := g.slot(g.r.Context())
	if err != nil {
		return nil, err
	}
	defer done()
	made := make([]securescore.Score, len(list))
	for i, d := range list {
		if made[i], err = d.export(g.r.Context(), s); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// oneScore answers with a day by its id: TENANT_DATE.
func oneScore(g *graphRequest) error {
	if _, err := parameters(g.r); err != nil {
		return err
	}
	id := g.r.PathValue("id")
	at := strings.LastIndexByte(id, '_')
	missing := refuse(http.StatusNotFound, "There is no such secure score.")
	if at < 1 {
		return missing
	}
	s, err := g.shown(id[:at])
	if err != nil {
		return err
	}
	if s == nil {
		return missing
	}
	for _, d := range days(s) {
		if d.date != id[at+1:] {
			continue
		}
		one, err := d.export(g.r.Context(), s)
		if err != nil {
			return err
		}
		return send(g.w, struct {
			Context string `json:"@odata.context"`
			securescore.Score
		}{securescore.ScoresContext + "/$entity", one})
	}
	return missing
}

func profileKinds() map[string]kind {
	return map[string]kind{
		"id": isText, "azureTenantId": isText, "controlCategory": isText, "service": isText, "title": isText, "tier": isText, "deprecated": isTruth,
		"maxScore": isNumber, "rank": isNumber, "actionType": isText, "implementationCost": isText, "userImpact": isText,
		"vendorInformation/provider": isText, "vendorInformation/vendor": isText,
	}
}

func profileProperties(p *securescore.ControlProfile) func(string) value {
	return properties(map[string]value{
		"id": text(p.ID), "azureTenantId": text(p.AzureTenantID), "controlCategory": text(p.ControlCategory), "service": text(p.Service), "title": text(p.Title),
		"tier": text(p.Tier), "deprecated": boolean(p.Deprecated), "maxScore": hundredths(int64(p.MaxScore)), "rank": hundredths(int64(p.Rank) * 100),
		"actionType": text(p.ActionType), "implementationCost": text(p.ImplementationCost), "userImpact": text(p.UserImpact),
		"vendorInformation/provider": text(p.VendorInformation.Provider), "vendorInformation/vendor": text(p.VendorInformation.Vendor),
	})
}

// profilesOf returns the profiles of the controls of the latest assessment.
func profilesOf(s *snapshot.Snapshot) ([]securescore.ControlProfile, error) {
	if s == nil {
		return nil, nil
	}
	benchmark, err := cohort.Microsoft()
	if err != nil {
		return nil, err
	}
	return securescore.NewExport(s.Decided(), s.Catalog, benchmark).Profiles.Value, nil
}

func profiles(g *graphRequest) error {
	o, err := g.options(profileKinds(), usualProfiles, mostProfiles)
	if err != nil {
		return err
	}
	s, err := g.shown(o.tenant)
	if err != nil {
		return err
	}
	list, err := profilesOf(s)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(p securescore.ControlProfile) bool { return o.matches != nil && !o.matches(profileProperties(&p)) })
	answer := collection[securescore.ControlProfile]{Context: securescore.ProfilesContext}
	list, answer.Count, answer.Next = cut(g, list, o)
	answer.Value = append([]securescore.ControlProfile{}, list...)
	return send(g.w, answer)
}

func oneProfile(g *graphRequest) error {
	if _, err := parameters(g.r); err != nil {
		return err
	}
	s, err := g.shown("")
	if err != nil {
		return err
	}
	list, err := profilesOf(s)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(p securescore.ControlProfile) bool { return p.ID == g.r.PathValue("id") })
	if i < 0 {
		return refuse(http.StatusNotFound, "There is no such control profile.")
	}
	return send(g.w, struct {
		Context string `json:"@odata.context"`
		securescore.ControlProfile
	}{securescore.ProfilesContext + "/$entity", list[i]})
}
