package snapshot

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/inputfile"
	"github.com/posture-score/posture/internal/register"
	"github.com/posture-score/posture/internal/settings"
)

// shared is what snapshots of all tenants have in common: the files that the organization writes. It is read as a whole.
type shared struct {
	settings  *settings.Settings
	register  Register
	benchmark *cohort.Benchmark // nil for none
	choice    cohort.Choice
}

// readShared reads the files of the organization. Decisions of several tenants can't be in one register: then there is none.
func (o *Options) readShared(several bool) (*shared, error) {
	s := &shared{settings: &settings.Settings{}}
	var err error
	if o.Settings != nil {
		if s.settings, err = o.Settings(); err != nil {
			return nil, err
		}
	}
	if !several {
		if s.register, err = readRegister(o.Register); err != nil {
			return nil, err
		}
	}
	if s.benchmark, s.choice, err = o.Benchmark.Read(s.settings); err != nil {
		return nil, err
	}
	if several {
		s.choice.Profile = cohort.Profile{} // seats and industry are those of one organization
	}
	return s, nil
}

// readRegister reads a register, which need not be there.
func readRegister(path string) (Register, error) {
	r := Register{Path: path}
	if path == "" {
		return r, nil
	}
	text, err := inputfile.ReadFile(path, register.MaxBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return r, fmt.Errorf("reading the register: %w", err)
	}
	read, err := register.Read(path, text)
	if err != nil {
		return r, err
	}
	r.Version, r.Decisions = registerVersion(text), read.Decisions()
	return r, nil
}

// registerVersion returns the version of a register's text.
func registerVersion(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// decisions returns the decisions for an assessment; nil if there is no register.
func (s *shared) decisions() map[string]engine.Decision { return maps.Clone(s.register.Decisions) }

// organization returns a tenant by the name that the organization gives itself.
func (s *shared) organization(t engine.Tenant, several bool) engine.Tenant {
	if name := s.settings.Organization.Name; name != "" && !several {
		t.Name = name
	}
	return t
}
