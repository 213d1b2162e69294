package records_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/records"
)

// counter is a minimal visitor.
type counter struct{ n, bytes int64 }

func (c *counter) Begin(int64) { c.n, c.bytes = 0, 0 }

func (c *counter) Record(p *records.View) error {
	c.n, c.bytes = c.n+1, c.bytes+int64(len(p.Slot(0)))
	return nil
}

func (c *counter) End() int64 { return c.n }

// directory returns users as directories export them.
func directory(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(`{"id":"%08x-7d2a-4e4e-9d0e-%012x","userPrincipalName":"ada.lovelace%d@contoso.example","displayName":"Ada Lovelace","accountEnabled":%t,"userType":"Member","assignedLicenses":[{"skuId":"05e9a617-0261-4cee-bb44-138d3ef5d965","disabledPlans":[]},{"skuId":"c7df2760-2c81-4ef7-b578-5b5392b571df","disabledPlans":[]}],"authMethods":["fido2","mobilePhone"],"lastSignIn":"2026-%02d-11T08:00:00Z","roles":[],"passwordPolicies":"None","onPremisesSyncEnabled":false,"usageLocation":"DE"}`,
			i*7919, i, i, i%10 > 0, 1+i%12)
	}
	return list
}

func count(t testing.TB, src records.Source, o records.Options) {
	t.Helper()
	must.Do(t, records.Scan(context.Background(), src, o, func() records.Visitor[int64] { return &counter{} }, func(int64, int64, int64) error { return nil }))
}

func BenchmarkScan(b *testing.B) {
	const n = 200_000
	list := directory(n)
	sku := &jsonscan.FieldMask{}
	sku.Elements().Field("skuId")
	fields := []jsonscan.Field{{Name: "id"}, {Name: "accountEnabled"}, {Name: "assignedLicenses", Mask: sku}}
	for _, bb := range []struct{ name, content string }{
		{"lines", strings.Join(list, "\n")}, {"array", "[" + strings.Join(list, ",") + "]"},
	} {
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/%d", bb.name, workers), func(b *testing.B) {
				src := source(bb.content, n)
				b.SetBytes(int64(len(bb.content)))
				b.ReportAllocs()
				for b.Loop() {
					count(b, src, records.Options{Fields: fields, Workers: workers})
				}
			})
		}
	}
}

// TestScanAllocsPerRecord holds that a record costs no allocation.
func TestScanAllocsPerRecord(t *testing.T) {
	for _, workers := range []int{1, 2} {
		allocated := func(n int) float64 {
			src := source(strings.Join(directory(n), "\n"), n)
			return testing.AllocsPerRun(10, func() {
				count(t, src, records.Options{Workers: workers, BlockSize: 16 << 10, Fields: []jsonscan.Field{{Name: "id"}}})
			})
		}
		few, more := allocated(1000), allocated(11_000)
		if more > few+20 {
			t.Errorf("%d workers: %v allocations for 1,000 records, %v for 11,000", workers, few, more)
		}
	}
}
