package hcledit

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	"golang.org/x/text/unicode/norm"
)

// Quote writes a text as HCL does.
func Quote(text string) string { return string(hclwrite.TokensForValue(cty.StringVal(text)).Bytes()) }

// QuoteKey writes the key of a record byte for byte. HCL brings the values of attributes into Unicode's normal form C, and a key
// in another form would no longer be the record's: what is beyond ASCII in it is escaped.
func QuoteKey(key string) string {
	if norm.NFC.IsNormalString(key) {
		return Quote(key)
	}
	var b strings.Builder
	for key != "" {
		beyond := strings.IndexFunc(key, func(r rune) bool { return r >= utf8.RuneSelf })
		if beyond < 0 {
			beyond = len(key)
		}
		quoted := Quote(key[:beyond])
		b.WriteString(quoted[1 : len(quoted)-1])
		if key = key[beyond:]; key != "" {
			r, size := utf8.DecodeRuneInString(key)
			fmt.Fprintf(&b, `\U%08x`, r)
			key = key[size:]
		}
	}
	return `"` + b.String() + `"`
}
