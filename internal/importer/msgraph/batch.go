package msgraph

import (
	"fmt"

	"github.com/posture-score/posture/internal/importer/jsonfile"
)

// batch is the answer to a JSON batch, as far as it was read.
type batch struct {
	from int               // index of its first page
	urls map[string]string // of the requests, by id, where they were saved in the same object
}

// batch reads the responses of a batch: each has a status and, in its body, what
// Graph would have answered alone.
func (w *walker) batch() error {
	if _, err := w.ReadToken(); err != nil {
		return err
	}
	for w.PeekKind() != ']' {
		if w.PeekKind() != '{' {
			if err := w.SkipValue(); err != nil {
				return err
			}
			continue
		}
		if err := w.part(); err != nil {
			return err
		}
	}
	_, err := w.ReadToken()
	return err
}

// part reads one response of a batch.
func (w *walker) part() error {
	if _, err := w.ReadToken(); err != nil {
		return err
	}
	first, id, status := len(w.pages), "", ""
	for w.PeekKind() != '}' {
		name, err := w.ReadToken()
		if err != nil {
			return err
		}
		member := name.String() // before the decoder goes on
		kind := w.PeekKind()
		switch {
		case member == "body" && kind == '{':
			w.level += 3 // the batch, its list and this object
			err = w.response()
			w.level -= 3
		case (member == "id" || member == "status") && (kind == '"' || kind == '0'):
			token, failed := w.ReadToken()
			if err = failed; member == "id" {
				id = token.String()
			} else {
				status = token.String()
			}
		default:
			err = w.SkipValue()
		}
		if err != nil {
			return err
		}
	}
	if _, err := w.ReadToken(); err != nil {
		return err
	}
	if len(w.pages) == first {
		w.begin()
	}
	p := &w.pages[first]
	p.id = id
	if p.failure == "" && (len(status) != 3 || status[0] != '2') {
		p.failure = fmt.Sprintf("HTTP status %s", jsonfile.Clip(status))
	}
	return nil
}

// requests reads what a batch asked for.
func (w *walker) requests(b *batch) error {
	value, err := w.decoded()
	if err != nil {
		return err
	}
	b.urls = map[string]string{}
	list, _ := value.([]any)
	for _, one := range list {
		request, _ := one.(map[string]any)
		url, ok := request["url"].(string)
		if id := request["id"]; ok && id != nil {
			b.urls[fmt.Sprint(id)] = url
		}
	}
	return nil
}

// name gives the pages of a batch the addresses of their requests.
func (w *walker) name(b batch) {
	for i := b.from; i < len(w.pages); i++ {
		if url, ok := b.urls[w.pages[i].id]; ok && w.pages[i].id != "" {
			w.pages[i].url = url
		}
	}
}
