package archtest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
)

const module = "github.com/posture-score/posture"

// pkg is a package of this module, as go list prints it. Paths of our own packages are shown
// without the module's.
type pkg struct {
	ImportPath   string
	Name         string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// rule forbids imports. It is stated as one would say it, with the reason.
type rule struct {
	name    string
	why     string
	tests   bool // holds for tests, too
	among   func(path string) bool
	forbids func(path string) bool
}

// rules are the layers: data moves from left to right only.
//
//	schemas ← evidence ──────────────┐
//	   ↑                             ├ engine ← internal/... ← cmd
//	   └─ policies ← engine/catalog ─┘
func rules() []rule {
	return []rule{
		{
			name: "schemas imports internal/jsonscan alone of ours", why: "everything else rests on it",
			among: within("schemas"), forbids: both(ours, not(within("schemas", "internal/jsonscan"))),
		},
		{
			name: "policies imports nothing of ours", why: "it is data",
			among: within("policies"), forbids: ours,
		},
		{
			name: "internal/jsonscan imports nothing of ours", why: "it knows JSON, and nothing of evidence or rules",
			among: within("internal/jsonscan"), forbids: both(ours, not(within("internal/jsonscan"))),
		},
		{
			name: "internal/records imports jsonscan alone of ours", why: "it knows files of records, and nothing of bundles",
			among: within("internal/records"), forbids: both(ours, not(within("internal/records", "internal/jsonscan"))),
		},
		{
			name: "evidence imports schemas, readers of files, JSON and archives, and temporary folders alone of ours", why: "evidence is read the same, whatever policies ask of it",
			among: within("evidence"), forbids: both(ours, not(within("evidence", "schemas", "internal/archive", "internal/inputfile", "internal/jsonscan", "internal/leftover", "internal/records"))),
		},
		{
			name: "engine/catalog imports no engine and no evidence", why: "a catalog is checked without evidence, and without an engine",
			among:   within("engine/catalog"),
			forbids: both(ours, not(within("engine/catalog", "engine/internal/rego", "engine/internal/codec", "policies", "schemas", "internal/archive", "internal/diag", "internal/inputfile", "internal/jsonscan", "internal/keys", "internal/plaintext", "internal/score", "internal/suggest", "internal/textlimit"))),
		},
		{
			name: "engine/internal/rego imports no catalog and no evidence", why: "it is the Rego layer, and gets all it needs to know as JSON Schemas and plans",
			among: within("engine/internal/rego"), forbids: both(ours, not(within("engine/internal/rego", "engine/internal/codec", "schemas", "internal/jsonscan", "internal/suggest", "internal/textlimit"))),
		},
		{
			name: "engine/internal/rego/ir imports the codec alone of ours", why: "it is the first stage of the Rego layer: ir, dataflow, vm, eval",
			among: within("engine/internal/rego/ir"), forbids: both(ours, not(within("engine/internal/codec"))),
		},
		{
			name: "engine/internal/rego/dataflow imports no vm and no eval", why: "what a rule reads is known without compiling it, so that a catalog can be checked by it",
			among: within("engine/internal/rego/dataflow"), forbids: both(ours, not(within("engine/internal/rego/ir", "internal/jsonscan"))),
		},
		{
			name: "engine/internal/rego/vm imports no eval", why: "it is the reference's rival, and can't rest on it",
			among: within("engine/internal/rego/vm"), forbids: both(ours, not(within("engine/internal/rego/ir", "engine/internal/rego/dataflow", "engine/internal/rego/limit", "engine/internal/rego/term", "engine/internal/codec", "internal/jsonscan"))),
		},
		{
			name: "engine/catalog and its checks import no vm and no eval", why: "a catalog is checked without evaluating it", tests: true,
			among: within("engine/catalog", "engine/internal/rego/check"), forbids: within("engine/internal/rego/vm", "engine/internal/rego/eval"),
		},
		{
			name: "engine imports no reports, registers or importers", why: "who embeds the engine does not get them with it",
			among:   within("engine"),
			forbids: both(ours, not(within("engine", "policies", "evidence", "schemas", "internal/archive", "internal/diag", "internal/inputfile", "internal/jsonscan", "internal/keys", "internal/plaintext", "internal/records", "internal/score", "internal/suggest", "internal/unique", "internal/textlimit"))),
		},
		{
			name: "engine/internal/bitset imports nothing of ours", why: "it holds numbers, and knows no records",
			among: within("engine/internal/bitset"), forbids: ours,
		},
		{
			name: "engine/internal/load imports no later stage", why: "data goes one way: load, scan, outcome, engine",
			among: within("engine/internal/load"), forbids: either(within("engine/internal/scan", "engine/internal/outcome"), exactly("engine")),
		},
		{
			name: "engine/internal/scan imports no later stage", why: "data goes one way: load, scan, outcome, engine",
			among: within("engine/internal/scan"), forbids: either(within("engine/internal/outcome"), exactly("engine")),
		},
		{
			name: "engine/internal/outcome imports no later stage", why: "data goes one way: load, scan, outcome, engine",
			among: within("engine/internal/outcome"), forbids: exactly("engine"),
		},
		{
			name: "importers know no policies", why: "evidence is imported the same, whatever policies ask of it",
			among: within("internal/importer"), forbids: within("engine", "policies", "internal/report"),
		},
		{
			name: "internal/score imports nothing of ours, and no input or output", why: "the arithmetic of scores is pure, so that it can be read, tested and explained by itself",
			among: within("internal/score"), forbids: either(both(ours, not(within("internal/score"))), is("os", "io", "net", "time", "database/sql")),
		},
		{
			name: "internal/literal and internal/settings know no engine", why: "what an organization says of itself is read the same, whatever is done with it",
			among:   within("internal/literal", "internal/settings"),
			forbids: both(ours, not(within("internal/atomicfile", "internal/diag", "internal/gate/rule", "internal/hcledit", "internal/inputfile", "internal/literal", "internal/plaintext", "internal/score", "internal/suggest", "internal/textlimit"))),
		},
		{
			name: "internal/hcledit imports diagnostics, bounds and files alone of ours", why: "it edits text, whatever the text says",
			among: within("internal/hcledit"), forbids: both(ours, not(within("internal/atomicfile", "internal/diag", "internal/inputfile", "internal/textlimit"))),
		},
		{
			name: "internal/decide knows no server and no pages", why: "whoever writes from a page or by a program writes by the same rules",
			among: within("internal/decide"), forbids: either(within("internal/serve", "internal/page", "internal/report", "cmd"), is("net", "net/http", "database/sql")),
		},
		{
			name: "internal/attribution imports assessments and arithmetic alone of ours", why: "why a score changed follows from assessments, whoever made them",
			among: within("internal/attribution"), forbids: either(both(ours, not(either(exactly("engine"), within("internal/score")))), is("os", "io", "net", "database/sql")),
		},
		{
			name: "internal/gate imports assessments, attributions and arithmetic alone of ours", why: "whether a gate is met follows from values, whoever reads or shows them",
			among: exactly("internal/gate"), forbids: either(both(ours, not(either(exactly("engine"), within("internal/attribution", "internal/gate", "internal/score")))), is("os", "io", "net", "database/sql")),
		},
		{
			name: "internal/gate/rule imports points alone of ours", why: "flags and posture.hcl write the same rules",
			among: within("internal/gate/rule"), forbids: either(both(ours, not(within("internal/score"))), is("os", "io", "net", "database/sql")),
		},
		{
			name: "internal/keys imports nothing of ours", why: "it knows keys, and not what is signed",
			among: within("internal/keys"), forbids: either(ours, is("os", "net", "net/http")),
		},
		{
			name: "internal/pin imports readers and writers of files alone of ours", why: "it says which catalogs are meant, and reads none",
			among: within("internal/pin"), forbids: both(ours, not(within("internal/atomicfile", "internal/inputfile"))),
		},
		{
			name: "registries are asked in internal/oci alone", why: "what reaches the network stands in one place",
			among: not(within("internal/oci")), forbids: is("oras.land/oras-go"),
		},
		{
			name: "internal/oci imports nothing of ours", why: "it moves files, and does not know what is in them",
			among: within("internal/oci"), forbids: ours,
		},
		{
			name: "internal/pipeline imports nothing of ours", why: "it runs posture as any pipeline does, by what is documented",
			among: within("internal/pipeline"), forbids: ours,
		},
		{
			name: "internal/redact reads no files and knows no reports", why: "names are gone before anything is rendered, whatever the format",
			among: within("internal/redact"), forbids: either(within("internal/report", "internal/page", "internal/history", "cmd"), is("os", "net", "net/http", "database/sql")),
		},
		{
			name: "internal/attest reads no files and knows no reports", why: "a statement follows from values, whoever keeps or shows them",
			among: within("internal/attest"), forbids: either(within("internal/report", "internal/history", "cmd"), is("os", "net", "net/http", "database/sql")),
		},
		{
			name: "internal/cohort and internal/trend know no reports, registers or stores", why: "they compute from values, whoever keeps or shows them",
			among: within("internal/cohort", "internal/trend"), forbids: within("internal/report", "internal/register", "internal/history", "internal/importer"),
		},
		{
			name: "internal/securescore imports no reports, stores or importers of evidence", why: "it reads and writes documents of another program, whatever is done with them",
			among:   within("internal/securescore"),
			forbids: both(ours, not(within("internal/securescore", "engine", "internal/cohort", "internal/importer/jsonfile", "internal/importer/psobject", "internal/plaintext", "internal/records", "internal/register", "internal/score"))),
		},
		{
			name: "internal/serve/signin imports plaintext alone of ours", why: "who may come in does not depend on what is inside",
			among: within("internal/serve/signin"), forbids: both(ours, not(within("internal/serve/signin", "internal/plaintext"))),
		},
		{
			name: "providers are asked in internal/serve/signin alone", why: "everything else knows a name and a role",
			among: not(within("internal/serve/signin")), forbids: is("github.com/coreos/go-oidc", "golang.org/x/oauth2"),
		},
		{
			name: "internal/page knows no server, no store to read and no files", why: "what is shown follows from a snapshot, wherever it is shown",
			among: both(within("internal/page"), not(within("internal/page/web/generate"))), forbids: either(within("internal/serve", "internal/importer", "evidence", "cmd"), is("os", "net/http", "database/sql")),
		},
		{
			name: "internal/watch imports nothing of ours", why: "it tells that files change, whatever is in them",
			among: within("internal/watch"), forbids: ours,
		},
		{
			name: "internal/snapshot knows no pages and no server", why: "what is shown is put together the same, whoever shows it",
			among: within("internal/snapshot"), forbids: within("internal/page", "internal/serve", "cmd"),
		},
		{
			name: "internal/serve/api knows no pages for people", why: "what programs get does not depend on how it looks",
			among: within("internal/serve/api"), forbids: either(within("internal/page", "cmd"), exactly("internal/serve")),
		},
		{
			name: "internal/serve is imported by cmd alone", why: "nothing else needs a server, but for the tests of all of it in a browser", tests: true,
			among: not(within("cmd", "internal/serve", "internal/pagetest")), forbids: within("internal/serve"),
		},
		{
			name: "internal/page/highlight imports nothing of ours", why: "it splits texts, and knows no catalog",
			among: exactly("internal/page/highlight"), forbids: ours,
		},
		{
			name: "internal/page/chart imports points alone of ours, and no input or output", why: "a chart is geometry of numbers, whatever they say of whom",
			among: within("internal/page/chart"), forbids: either(both(ours, not(within("internal/score"))), is("os", "io", "net", "database/sql")),
		},
		{
			name: "cmd alone imports the entry point", why: "it puts the parts together, so that no part can know it",
			among: not(within("cmd")), forbids: func(path string) bool { return path == module },
		},
		{
			name: "nothing imports cmd", why: "commands hold no logic that another package could want", tests: true,
			among: not(within("cmd")), forbids: within("cmd"),
		},
		{
			name: "OPA is used in engine alone", why: "everything else knows outcomes, and can outlive this engine", tests: true,
			among: not(within("engine", "internal/bench/rules", "internal/textlimit")), forbids: is("github.com/open-policy-agent"),
		},
		{
			name: "internal/bench/rules uses OPA in its tests alone", why: "they let OPA itself say whether two forms of a rule agree; what is measured rests on the engine",
			among: within("internal/bench/rules"), forbids: is("github.com/open-policy-agent"),
		},
		{
			name: "internal/textlimit uses OPA in its tests alone, and nothing of ours", why: "its tests compare its scanner with OPA's; it stands before every parser",
			among: within("internal/textlimit"), forbids: either(is("github.com/open-policy-agent"), both(ours, not(within("internal/textlimit")))),
		},
		{
			name: "HCL and cty are used where HCL is read or printed alone", why: "their loaders turn text into our own types, and cmd prints their diagnostics", tests: true,
			among: not(within("engine/catalog", "internal/hcledit", "internal/register", "internal/literal", "internal/settings", "internal/textlimit", "internal/diag", "cmd")), forbids: is("github.com/hashicorp/hcl", "github.com/zclconf"),
		},
		{
			name: "SQL is used in internal/history alone", why: "whoever asks for the past gets values, and can't depend on tables", tests: true,
			among: not(within("internal/history", "internal/pgserver")), forbids: is("database/sql", "modernc.org/sqlite", "github.com/jackc/pgx", "github.com/pressly/goose"),
		},
		{
			name: "internal/history imports no reports", why: "it keeps and reads; pages are made of what it returns",
			among: within("internal/history"), forbids: within("internal/report", "internal/trend", "cmd"),
		},
		{
			name: "cobra is used in cmd alone", why: "flags end where logic begins", tests: true,
			among: not(within("cmd")), forbids: is("github.com/spf13"),
		},
		{
			name: "internal/page/web imports nothing of ours", why: "it is what browsers get, and knows no pages",
			among: exactly("internal/page/web"), forbids: ours,
		},
		{
			name: "internal/decisions imports assessments and arithmetic alone of ours", why: "where a decision stands follows from values, whoever keeps or shows them",
			among: within("internal/decisions"), forbids: either(both(ours, not(either(exactly("engine"), within("internal/score")))), is("os", "io", "net", "database/sql")),
		},
		{
			name: "internal/inspect imports decisions, the register and the catalog alone of ours", why: "what is wrong with decisions follows from values, whoever shows it",
			among: within("internal/inspect"), forbids: either(both(ours, not(either(either(exactly("engine"), exactly("engine/catalog")), within("internal/decisions", "internal/register")))), is("os", "io", "net", "database/sql")),
		},
		{
			name: "workbooks are written in internal/report alone", why: "it is a format like others", tests: true,
			among: not(within("internal/report")), forbids: is("github.com/xuri/excelize"),
		},
		{
			name: "esbuild is used by the generator of the page's script alone", why: "its output is committed: the binary needs no bundler",
			among:   not(within("internal/page/web/bundle", "internal/page/web/generate")),
			forbids: either(within("internal/page/web/bundle"), is("github.com/evanw/esbuild")),
		},
		{
			name: "the browser is driven in internal/browser alone", why: "tests say what a reader does, in words that outlive the library", tests: true,
			among: not(within("internal/browser")), forbids: is("github.com/chromedp"),
		},
		{
			name: "internal/browser imports nothing of ours", why: "it knows pages as readers see them, and not how they are made",
			among: within("internal/browser"), forbids: ours,
		},
		{
			name: "test frameworks are used in tests alone", why: "they would be a part of the binary",
			among: not(within("internal/must", "internal/expect", "internal/pgserver", "internal/browser")),
			forbids: either(
				within("internal/must", "internal/expect", "internal/pgserver", "internal/browser"),
				is("testing", "github.com/getkin/kin-openapi", "github.com/google/go-cmp", "github.com/rhysd/actionlint", "github.com/rogpeppe/go-internal/testscript", "github.com/stretchr/testify"),
			),
		},
	}
}

func TestLayers(t *testing.T) {
	packages := list(t)
	if len(packages) < 10 {
		t.Fatalf("go list names %d packages", len(packages))
	}
	for _, violation := range violations(packages) {
		t.Error(violation)
	}
}

// TestLayersHold breaks every rule once, so that none is stated in a way that can't fail.
func TestLayersHold(t *testing.T) {
	tests := map[string]pkg{
		"schemas imports internal/jsonscan alone of ours":                                                    {ImportPath: module + "/schemas", Imports: []string{module + "/evidence"}},
		"policies imports nothing of ours":                                                                   {ImportPath: module + "/policies", Imports: []string{module + "/schemas"}},
		"internal/jsonscan imports nothing of ours":                                                          {ImportPath: module + "/internal/jsonscan", Imports: []string{module + "/schemas"}},
		"internal/records imports jsonscan alone of ours":                                                    {ImportPath: module + "/internal/records", Imports: []string{module + "/evidence"}},
		"evidence imports schemas, readers of files, JSON and archives, and temporary folders alone of ours": {ImportPath: module + "/evidence", Imports: []string{module + "/engine"}},
		"engine/catalog imports no engine and no evidence":                                                   {ImportPath: module + "/engine/catalog", Imports: []string{module + "/evidence"}},
		"engine/internal/rego imports no catalog and no evidence":                                            {ImportPath: module + "/engine/internal/rego/eval", Imports: []string{module + "/engine/catalog"}},
		"engine/internal/rego/ir imports the codec alone of ours":                                            {ImportPath: module + "/engine/internal/rego/ir", Imports: []string{module + "/engine/internal/rego/dataflow"}},
		"engine/internal/rego/dataflow imports no vm and no eval":                                            {ImportPath: module + "/engine/internal/rego/dataflow", Imports: []string{module + "/engine/internal/rego/vm"}},
		"engine/internal/rego/vm imports no eval":                                                            {ImportPath: module + "/engine/internal/rego/vm", Imports: []string{module + "/engine/internal/rego/eval"}},
		"engine/catalog and its checks import no vm and no eval":                                             {ImportPath: module + "/engine/internal/rego/check", Imports: []string{module + "/engine/internal/rego/vm"}},
		"engine imports no reports, registers or importers":                                                  {ImportPath: module + "/engine", Imports: []string{module + "/internal/report"}},
		"engine/internal/bitset imports nothing of ours":                                                     {ImportPath: module + "/engine/internal/bitset", Imports: []string{module + "/engine/internal/scan"}},
		"engine/internal/load imports no later stage":                                                        {ImportPath: module + "/engine/internal/load", Imports: []string{module + "/engine/internal/scan"}},
		"engine/internal/scan imports no later stage":                                                        {ImportPath: module + "/engine/internal/scan", Imports: []string{module + "/engine/internal/outcome"}},
		"engine/internal/outcome imports no later stage":                                                     {ImportPath: module + "/engine/internal/outcome", Imports: []string{module + "/engine"}},
		"importers know no policies":                                                                         {ImportPath: module + "/internal/importer/msgraph", Imports: []string{module + "/policies"}},
		"internal/score imports nothing of ours, and no input or output":                                     {ImportPath: module + "/internal/score", Imports: []string{"os"}},
		"internal/literal and internal/settings know no engine":                                              {ImportPath: module + "/internal/settings", Imports: []string{module + "/engine"}},
		"internal/hcledit imports diagnostics, bounds and files alone of ours":                               {ImportPath: module + "/internal/hcledit", Imports: []string{module + "/engine"}},
		"internal/decide knows no server and no pages":                                                       {ImportPath: module + "/internal/decide", Imports: []string{"net/http"}},
		"internal/attribution imports assessments and arithmetic alone of ours":                              {ImportPath: module + "/internal/attribution", Imports: []string{module + "/internal/report"}},
		"internal/gate imports assessments, attributions and arithmetic alone of ours":                       {ImportPath: module + "/internal/gate", Imports: []string{module + "/internal/history"}},
		"internal/gate/rule imports points alone of ours":                                                    {ImportPath: module + "/internal/gate/rule", Imports: []string{module + "/internal/plaintext"}},
		"internal/keys imports nothing of ours":                                                              {ImportPath: module + "/internal/keys", Imports: []string{module + "/schemas"}},
		"internal/pin imports readers and writers of files alone of ours":                                    {ImportPath: module + "/internal/pin", Imports: []string{module + "/engine/catalog"}},
		"registries are asked in internal/oci alone":                                                         {ImportPath: module + "/cmd/posture", Imports: []string{"oras.land/oras-go/v2"}},
		"internal/oci imports nothing of ours":                                                               {ImportPath: module + "/internal/oci", Imports: []string{module + "/engine/catalog"}},
		"internal/pipeline imports nothing of ours":                                                          {ImportPath: module + "/internal/pipeline", Imports: []string{module + "/internal/report"}},
		"internal/redact reads no files and knows no reports":                                                {ImportPath: module + "/internal/redact", Imports: []string{"os"}},
		"internal/attest reads no files and knows no reports":                                                {ImportPath: module + "/internal/attest", Imports: []string{"os"}},
		"internal/cohort and internal/trend know no reports, registers or stores":                            {ImportPath: module + "/internal/cohort", Imports: []string{module + "/internal/report"}},
		"internal/securescore imports no reports, stores or importers of evidence":                           {ImportPath: module + "/internal/securescore", Imports: []string{module + "/internal/report"}},
		"internal/serve/signin imports plaintext alone of ours":                                              {ImportPath: module + "/internal/serve/signin", Imports: []string{module + "/internal/page"}},
		"providers are asked in internal/serve/signin alone":                                                 {ImportPath: module + "/internal/serve", Imports: []string{"golang.org/x/oauth2"}},
		"internal/page knows no server, no store to read and no files":                                       {ImportPath: module + "/internal/page", Imports: []string{"net/http"}},
		"internal/watch imports nothing of ours":                                                             {ImportPath: module + "/internal/watch", Imports: []string{module + "/evidence"}},
		"internal/snapshot knows no pages and no server":                                                     {ImportPath: module + "/internal/snapshot", Imports: []string{module + "/internal/page"}},
		"internal/serve/api knows no pages for people":                                                       {ImportPath: module + "/internal/serve/api", Imports: []string{module + "/internal/page"}},
		"internal/serve is imported by cmd alone":                                                            {ImportPath: module + "/internal/report", Imports: []string{module + "/internal/serve"}},
		"internal/page/highlight imports nothing of ours":                                                    {ImportPath: module + "/internal/page/highlight", Imports: []string{module + "/internal/score"}},
		"internal/page/chart imports points alone of ours, and no input or output":                           {ImportPath: module + "/internal/page/chart", Imports: []string{module + "/internal/snapshot"}},
		"cmd alone imports the entry point":                                                                  {ImportPath: module + "/internal/report", Imports: []string{module}},
		"nothing imports cmd":                                                                                {ImportPath: module + "/internal/report", XTestImports: []string{module + "/cmd/posture"}},
		"OPA is used in engine alone":                                                                        {ImportPath: module + "/cmd/posture", TestImports: []string{"github.com/open-policy-agent/opa/v1/ast"}},
		"internal/bench/rules uses OPA in its tests alone":                                                   {ImportPath: module + "/internal/bench/rules", Imports: []string{"github.com/open-policy-agent/opa/v1/rego"}},
		"internal/textlimit uses OPA in its tests alone, and nothing of ours":                                {ImportPath: module + "/internal/textlimit", Imports: []string{module + "/schemas"}},
		"HCL and cty are used where HCL is read or printed alone":                                            {ImportPath: module + "/internal/report", Imports: []string{"github.com/hashicorp/hcl/v2"}},
		"SQL is used in internal/history alone":                                                              {ImportPath: module + "/internal/report", Imports: []string{"database/sql"}},
		"internal/history imports no reports":                                                                {ImportPath: module + "/internal/history", Imports: []string{module + "/internal/report"}},
		"cobra is used in cmd alone":                                                                         {ImportPath: module + "/internal/report", Imports: []string{"github.com/spf13/cobra"}},
		"internal/page/web imports nothing of ours":                                                          {ImportPath: module + "/internal/page/web", Imports: []string{module + "/internal/report"}},
		"internal/decisions imports assessments and arithmetic alone of ours":                                {ImportPath: module + "/internal/decisions", Imports: []string{module + "/internal/register"}},
		"internal/inspect imports decisions, the register and the catalog alone of ours":                     {ImportPath: module + "/internal/inspect", Imports: []string{module + "/internal/report"}},
		"workbooks are written in internal/report alone":                                                     {ImportPath: module + "/internal/page", Imports: []string{"github.com/xuri/excelize/v2"}},
		"esbuild is used by the generator of the page's script alone":                                        {ImportPath: module + "/internal/page/web", Imports: []string{"github.com/evanw/esbuild/pkg/api"}},
		"the browser is driven in internal/browser alone":                                                    {ImportPath: module + "/internal/serve", XTestImports: []string{"github.com/chromedp/chromedp"}},
		"internal/browser imports nothing of ours":                                                           {ImportPath: module + "/internal/browser", Imports: []string{module + "/internal/page"}},
		"test frameworks are used in tests alone":                                                            {ImportPath: module + "/internal/tenant", Imports: []string{"testing"}},
		"package names": {ImportPath: module + "/internal/util", Name: "util"},
	}
	for _, r := range rules() {
		if _, ok := tests[r.name]; !ok {
			t.Errorf("no test breaks the rule %q", r.name)
		}
	}
	for name, broken := range tests {
		t.Run(name, func(t *testing.T) {
			found := violations([]pkg{broken})
			if len(found) != 1 || !strings.Contains(found[0], name) {
				t.Errorf("violations are %q", found)
			}
		})
	}
	fine := pkg{
		ImportPath: module + "/engine", Name: "engine",
		Imports: []string{"os", module + "/engine/catalog", module + "/internal/score"}, XTestImports: []string{"testing", module + "/internal/tenant"},
	}
	expect.Equal(t, []string(nil), violations([]pkg{fine}))
}

// violations returns one line for each import, and each name, that is against a rule.
func violations(packages []pkg) []string {
	var found []string
	for _, p := range packages {
		path := shown(p.ImportPath)
		for _, r := range rules() {
			imports := slices.Clone(p.Imports)
			if r.tests {
				imports = slices.Concat(imports, p.TestImports, p.XTestImports)
			}
			slices.Sort(imports)
			for _, imported := range slices.Compact(imports) {
				if r.among(p.ImportPath) && r.forbids(imported) {
					found = append(found, fmt.Sprintf("%s imports %s, but %s: %s", path, shown(imported), r.name, r.why))
				}
			}
		}
		if slices.Contains([]string{"base", "common", "helper", "helpers", "misc", "shared", "util", "utils"}, p.Name) {
			found = append(found, fmt.Sprintf("%s is called %s, which is against our package names: a package is named after what it does", path, p.Name))
		}
	}
	return found
}

// list returns the packages of the module, from go list.
func list(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Name,Imports,TestImports,XTestImports", module+"/...")
	cmd.Dir = "../.."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	var packages []pkg
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages
		}
		if err != nil {
			t.Fatalf("go list: %v", err)
		}
		packages = append(packages, p)
	}
}

// within holds for our packages in these folders.
func within(folders ...string) func(string) bool {
	paths := make([]string, len(folders))
	for i, folder := range folders {
		paths[i] = module + "/" + folder
	}
	return is(paths...)
}

// is holds for these packages and those below them.
func is(paths ...string) func(string) bool {
	return func(path string) bool {
		return slices.ContainsFunc(paths, func(p string) bool { return path == p || strings.HasPrefix(path, p+"/") })
	}
}

// exactly holds for one of our packages, and not for those below it.
func exactly(folder string) func(string) bool {
	return func(path string) bool { return path == module+"/"+folder }
}

func ours(path string) bool { return is(module)(path) }

func not(f func(string) bool) func(string) bool { return func(path string) bool { return !f(path) } }

func both(f, g func(string) bool) func(string) bool {
	return func(path string) bool { return f(path) && g(path) }
}

func either(f, g func(string) bool) func(string) bool {
	return func(path string) bool { return f(path) || g(path) }
}

func shown(path string) string { return strings.TrimPrefix(path, module+"/") }
