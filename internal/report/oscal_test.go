package report

import (
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
)

func TestOSCAL(t *testing.T) {
	s := schema(t, "oscal-subset.json")
	for _, page := range pages(t) {
		valid(t, s, rendered(t, page, "oscal"))
	}
	page := pages(t)["ordinary"]
	before := rendered(t, page, "oscal")
	page.Evidence.Digest = "sha256:" + strings.Repeat("0", 64)
	after := rendered(t, page, "oscal")
	if before == after {
		t.Error("other evidence has the same UUIDs")
	}
}

// TestUUID compares with the example of RFC 9562, A.4.
func TestUUID(t *testing.T) {
	dns := [16]byte{0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}
	expect.Equal(t, [16]byte{0x2e, 0xd6, 0x65, 0x7d, 0xe9, 0x27, 0x56, 0x8b, 0x95, 0xe1, 0x26, 0x65, 0xa8, 0xae, 0xa6, 0xa2}, uuid5(dns, "www.example.com"))
}

func TestOSCALToken(t *testing.T) {
	for id, want := range map[string]string{"AdminMFAV2": "AdminMFAV2", "1st": "_1st", "": "_", "a b/c": "a_b_c", "_x": "__x", "ä.1-2": "ä.1-2"} {
		expect.Equalf(t, want, oscalToken(id), "%q", id)
	}
}
