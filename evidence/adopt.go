package evidence

import (
	"context"
	"errors"
	"os"
)

// Adopt opens the bundle that stands in the folder dir of the folder temp, which was made for it and is nobody else's: closing the
// bundle removes temp, and so does failing to open it. The name stands for the bundle in errors.
func Adopt(ctx context.Context, temp, dir, name string, limits Limits) (*Bundle, error) {
	b := &Bundle{name: name, temp: temp, limits: limits.withDefaults()}
	var err error
	if b.root, err = os.OpenRoot(dir); err != nil {
		return nil, errors.Join(&Error{Path: name, Summary: "cannot be opened: " + bare(err).Error(), cause: err}, b.Close())
	}
	return start(ctx, b)
}
