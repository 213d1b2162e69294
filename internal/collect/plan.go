package collect

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/internal/suggest"
	"github.com/posture-score/posture/schemas"
)

// Options narrow what is planned for.
type Options struct {
	Licenses []string // service plans that the tenant has; empty means all
	Products []string // ids of products; empty means all
}

// Plan is what to collect.
type Plan struct {
	Licenses    []string     `json:"licenses"` // as requested; never null
	Products    []string     `json:"products"` // as requested; never null
	Controls    int          `json:"controls"`
	Points      score.Points `json:"points"`
	LeftOut     int          `json:"left_out"`    // controls that need other licenses
	Permissions []Permission `json:"permissions"` // of Graph and of other interfaces; never null
	Modules     []Module     `json:"modules"`     // of PowerShell; never null
	Datasets    []Dataset    `json:"datasets"`    // by service, then by name; never null
}

// Permission is one permission of an interface, and what it is for.
type Permission struct {
	Service  Service  `json:"service"`
	Name     string   `json:"name"`
	Datasets []string `json:"datasets"` // sorted
}

// Dataset is a dataset to collect, with the controls that read it.
type Dataset struct {
	Name     string       `json:"name"`
	Title    string       `json:"title"`
	Kind     schemas.Kind `json:"kind"`
	Service  Service      `json:"service"` // that of the first way
	Ways     []Way        `json:"ways"`
	AnyWay   bool         `json:"any_way"`          // one of the ways is enough, the first one rather than the others
	Advice   string       `json:"advice,omitempty"` // what to do where no service returns it
	Purpose  string       `json:"purpose,omitempty"`
	Points   score.Points `json:"points"`   // of all its controls
	Controls []Control    `json:"controls"` // sorted by id; never null

	Shape map[string]any `json:"-"` // the JSON Schema of one record, or of the document
}

// Way is a place that a dataset comes from.
type Way struct {
	Service    Service `json:"service"`
	From       string  `json:"from"`            // an endpoint, a cmdlet, or words
	Query      string  `json:"query,omitempty"` // the query of the request: "$select=id,mail"
	Permission string  `json:"permission,omitempty"`
}

// Control is a control that reads a dataset.
type Control struct {
	ID     string       `json:"id"`
	Points score.Points `json:"points"`
}

// MemberLists is the dataset that is written while the members of groups are collected: it has no
// request of its own.
const MemberLists = "entra.group_member_lists"

// purposes returns the datasets that are needed beside those that controls read, and what for.
func purposes() map[string]string {
	return map[string]string{
		"entra.organization":    "names the tenant",
		"entra.subscribed_skus": "decides which products count and which licenses are there",
	}
}

// UnknownProductError is a product that the catalog has not.
type UnknownProductError struct {
	Product string
	Known   []string
}

func (e *UnknownProductError) Error() string {
	return (&suggest.UnknownError{Where: "the catalog", Kind: "product", Name: e.Product, Known: e.Known}).Error()
}

// Of returns the plan for a catalog.
func Of(cat *catalog.Catalog, options Options) (*Plan, error) {
	for _, id := range options.Products {
		if _, ok := cat.Product(id); !ok {
			return nil, &UnknownProductError{Product: id, Known: productIDs(cat)}
		}
	}
	p := &Plan{
		Licenses: sorted(options.Licenses), Products: sorted(options.Products),
		Permissions: []Permission{}, Modules: []Module{}, Datasets: []Dataset{},
	}
	readers := map[string][]Control{}
	for _, control := range cat.InForce() {
		if len(options.Products) > 0 && !slices.Contains(options.Products, control.Product) {
			continue
		}
		if !reachable(cat, control, options.Licenses) {
			p.LeftOut++
			continue
		}
		p.Controls++
		p.Points += score.Points(control.Counted())
		for _, name := range read(control) {
			readers[name] = append(readers[name], Control{ID: control.ID, Points: score.Points(control.Counted())})
		}
	}
	if p.Controls > 0 {
		p.add(cat.Datasets(), readers)
	}
	return p, nil
}

// UnknownPlans returns the service plans that no control and no product of the catalog requires.
func UnknownPlans(cat *catalog.Catalog, plans []string) []string {
	var known []string
	for _, product := range cat.Products() {
		known = append(known, product.Plans()...)
	}
	for _, control := range cat.Controls() {
		for _, need := range control.Prerequisites {
			known = append(known, need.Plans()...)
		}
	}
	return slices.DeleteFunc(sorted(plans), func(plan string) bool { return holds([]string{plan}, known) })
}

// reachable reports whether licenses suffice for a control: for its product, and for its own
// prerequisites. Prerequisites that are controls are no licenses.
func reachable(cat *catalog.Catalog, control *catalog.Control, licenses []string) bool {
	if len(licenses) == 0 {
		return true
	}
	if product, ok := cat.Product(control.Product); ok && !holds(licenses, product.Plans()) {
		return false
	}
	return !slices.ContainsFunc(control.Prerequisites, func(need catalog.Prerequisite) bool {
		return need.Control == "" && !holds(licenses, need.Plans())
	})
}

// holds reports whether licenses include one of the plans, or whether there are no plans. Case
// makes no difference: people type the names.
func holds(licenses, plans []string) bool {
	return len(plans) == 0 || slices.ContainsFunc(plans, func(plan string) bool {
		return slices.ContainsFunc(licenses, func(license string) bool { return strings.EqualFold(plan, license) })
	})
}

// read returns the datasets that a control reads, with those that its status comes from, sorted.
func read(control *catalog.Control) []string {
	names := control.Datasets()
	if control.Exception != "" {
		names = append(names, catalog.ExceptionDataset)
	}
	return sorted(names)
}

// add adds the datasets that have readers, and those that are needed beside them.
func (p *Plan) add(registry *schemas.Registry, readers map[string][]Control) {
	needed := purposes()
	if _, ok := readers["entra.group_members"]; ok {
		needed["entra.groups"] = "names the groups whose members are asked for"
		needed[MemberLists] = "says for which groups the members are known"
	}
	if _, ok := readers["exchange.spf_records"]; ok {
		needed["exchange.accepted_domains"] = "names the domains to look up"
	}
	for _, name := range registry.Names() {
		purpose, also := needed[name]
		if len(readers[name]) == 0 && !also {
			continue
		}
		dataset, _ := registry.Dataset(name)
		own := slices.Contains(registry.Own(), dataset)
		p.Datasets = append(p.Datasets, newDataset(dataset, own, purpose, readers[name]))
	}
	order := Services()
	slices.SortStableFunc(p.Datasets, func(a, b Dataset) int {
		return cmp.Compare(slices.Index(order, a.Service), slices.Index(order, b.Service))
	})
	p.gather()
}

// newDataset returns the plan of a dataset; own says that a catalog brings it.
func newDataset(dataset *schemas.Dataset, own bool, purpose string, readers []Control) Dataset {
	d := Dataset{
		Name: dataset.Name, Title: dataset.Title, Kind: dataset.Kind, Service: Hand, Ways: []Way{}, Purpose: purpose,
		Controls: append([]Control{}, readers...), Shape: dataset.Shape(),
	}
	for _, reader := range readers {
		d.Points += reader.Points
	}
	for _, source := range dataset.Sources {
		d.Ways = append(d.Ways, Way{
			Service: serviceOf(d.Name, source, own), From: cmp.Or(source.Cmdlet, source.Endpoint), Query: source.Query(dataset), Permission: source.Permission,
		})
		d.AnyWay = d.AnyWay || len(dataset.Sources) > 1 && source.Endpoint != ""
	}
	if len(d.Ways) > 0 {
		d.Service = d.Ways[0].Service
	}
	switch {
	case d.Service != Hand:
	case own:
		d.Advice = fmt.Sprintf("Write its records into a file %s.ndjson: 'posture evidence add' checks it and makes a bundle of it.", d.Name)
	default:
		d.Advice = advice(d.Name)
	}
	return d
}

// advice returns what to do about a built-in dataset that no service provides.
func advice(name string) string {
	if name == catalog.AttestationDataset {
		return "Write down who vouches for which control, when, and until when."
	}
	return "No public interface gives it. Write a file by hand from what the portal shows, or leave it out: the controls have no evidence then."
}

// gather lists the permissions and the modules of all datasets, each once. All endpoints of a
// dataset count, since licenses may rule out the first. A cmdlet that an endpoint replaces requires
// no module.
func (p *Plan) gather() {
	for _, d := range p.Datasets {
		for i, way := range d.Ways {
			switch {
			case way.Service.Requested():
				p.permit(way, d.Name)
			case way.Service == DNS, way.Service == Hand:
			case i == 0 || !d.AnyWay:
				p.require(way)
			}
		}
	}
	order := Services()
	slices.SortFunc(p.Permissions, func(a, b Permission) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Service), slices.Index(order, b.Service)), cmp.Compare(a.Name, b.Name))
	})
	slices.SortFunc(p.Modules, func(a, b Module) int {
		return cmp.Compare(slices.Index(order, a.Service), slices.Index(order, b.Service))
	})
}

func (p *Plan) permit(way Way, dataset string) {
	if way.Permission == "" {
		return
	}
	i := slices.IndexFunc(p.Permissions, func(other Permission) bool {
		return other.Service == way.Service && other.Name == way.Permission
	})
	if i < 0 {
		i = len(p.Permissions)
		p.Permissions = append(p.Permissions, Permission{Service: way.Service, Name: way.Permission})
	}
	p.Permissions[i].Datasets = sorted(append(p.Permissions[i].Datasets, dataset))
}

func (p *Plan) require(way Way) {
	i := slices.IndexFunc(p.Modules, func(other Module) bool { return other.Service == way.Service })
	if i < 0 {
		module, _ := moduleOf(way.Service)
		module.Roles = []string{}
		i = len(p.Modules)
		p.Modules = append(p.Modules, module)
	}
	p.Modules[i].Cmdlets = sorted(append(p.Modules[i].Cmdlets, way.From))
	if way.Permission != "" {
		p.Modules[i].Roles = sorted(append(p.Modules[i].Roles, way.Permission))
	}
}

func productIDs(cat *catalog.Catalog) []string {
	var ids []string
	for _, product := range cat.Products() {
		ids = append(ids, product.ID)
	}
	return ids
}

// sorted returns texts sorted and once each; never nil.
func sorted(texts []string) []string {
	list := append([]string{}, texts...)
	slices.Sort(list)
	return slices.Compact(list)
}
