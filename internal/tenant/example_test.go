package tenant_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"

	"github.com/posture-score/posture/internal/tenant"
)

// A million people cost nothing until they are iterated over.
func Example() {
	invented, err := tenant.New(tenant.Spec{
		Name: "contoso", Profile: "mixed", Users: 1_000_000, Seed: 1, CollectedAt: tenant.CollectedAt(),
	})
	if err != nil {
		log.Fatal(err)
	}
	for record, err := range invented.Records(context.Background(), "exchange.group_members") {
		if err != nil {
			log.Fatal(err)
		}
		line, err := json.Marshal(record)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(string(line))
		break
	}
	// Output: {"group":"all-staff@contoso.example","member":"carla.conti@contoso.example"}
}
