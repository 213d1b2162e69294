package settings_test

import (
	"fmt"
	"log"

	"github.com/posture-score/posture/internal/settings"
)

func Example() {
	s, err := settings.Read("posture.hcl", []byte(`
zones {
  good = 80
  okay = 60
}
`))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(s.Zones.Of(62_50))
	// Output: okay
}
