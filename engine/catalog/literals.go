package catalog

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// Literals returns the texts that the files of the catalog hold in quotes, sorted: the reasons of rules, and the formats of such, as far
// as they are written there, and the names of sources. They are known to whoever has the catalog, and come from no evidence. Those
// of tests are not among them: they name people, too.
func (c *Catalog) Literals() []string {
	found := map[string]bool{}
	for _, m := range c.modules {
		if !isTest(m) {
			quoted(m.Source, found)
		}
	}
	for _, title := range Sources() {
		found[title] = true
	}
	for _, text := range c.texts {
		quoted(text, found)
	}
	return slices.Sorted(maps.Keys(found))
}

// quoted adds the texts in quotes of HCL or Rego. A text with a quote that a comment or a heredoc leaves open ends with its line.
func quoted(source []byte, found map[string]bool) {
	for i := 0; i < len(source); i++ {
		switch source[i] {
		case '#':
			if end := bytes.IndexByte(source[i:], '\n'); end >= 0 {
				i += end
			} else {
				i = len(source)
			}
		case '`':
			end := bytes.IndexByte(source[i+1:], '`')
			if end < 0 {
				return
			}
			found[string(source[i+1:i+1+end])] = true
			i += end + 1
		case '"':
			end := i + 1
			for end < len(source) && source[end] != '"' && source[end] != '\n' {
				if source[end] == '\\' {
					end++
				}
				end++
			}
			if end >= len(source) {
				return
			}
			var text string
			if source[end] == '"' && json.Unmarshal(source[i:end+1], &text) == nil {
				found[text] = true
			}
			i = end
		}
	}
}
