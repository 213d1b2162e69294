package importer

import (
	"context"
	"errors"
	"io/fs"
	"iter"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/schemas"
)

// WriteDataset writes the records of a dataset, or the first one if it is a document. If they cannot be read, or are
// none that a bundle may hold, the dataset is listed as failed. Truncated, which is called last, returns the fields that
// were cut off. An error is one of the context or of the disk.
func WriteDataset(ctx context.Context, w *evidence.Writer, d *schemas.Dataset, records iter.Seq2[any, error], truncated func() []evidence.Truncated) error {
	var unreadable, err error
	if d.Kind == schemas.Document {
		for document, failed := range records {
			if unreadable = failed; failed == nil {
				err = w.Document(d.Name, document)
			}
			break
		}
	} else {
		err = w.Records(d.Name, func(yield func(any, error) bool) {
			for record, failed := range records {
				if unreadable = failed; !yield(record, failed) {
					return
				}
			}
		})
	}
	var (
		disk    *fs.PathError
		refused *evidence.Error
	)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case unreadable != nil:
		w.Fail(d.Name, unreadable.Error())
	case errors.As(err, &disk):
		return err
	case errors.As(err, &refused):
		reason := *refused
		reason.Path = "" // of the new bundle, which may be a temporary one
		w.Fail(d.Name, reason.Error())
	case err != nil:
		w.Fail(d.Name, err.Error())
	default:
		w.Truncated(d.Name, truncated()...)
	}
	return nil
}
