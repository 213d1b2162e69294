package script_test

import (
	"bytes"
	"fmt"
	"log"
	"strings"

	"github.com/posture-score/posture/internal/collect"
	"github.com/posture-score/posture/internal/collect/script"
)

// A script names each dataset once, with its request.
func ExampleCurl() {
	plan := &collect.Plan{Datasets: []collect.Dataset{{
		Name: "entra.organization", Title: "Organization", Kind: "document", Service: collect.Graph, Purpose: "names the tenant",
		Ways: []collect.Way{{Service: collect.Graph, From: "GET /v1.0/organization", Permission: "Organization.Read.All"}},
	}}}
	var text bytes.Buffer
	if err := script.Curl(&text, plan); err != nil {
		log.Fatal(err)
	}
	_, rest, _ := strings.Cut(text.String(), "# ---- Microsoft Graph ----\n\n")
	asked, _, _ := strings.Cut(rest, "\n\n")
	fmt.Println(asked)
	// Output:
	// # Organization: names the tenant
	// echo 'entra.organization'
	// fetch "$graph_token" 'entra.organization' 'https://graph.microsoft.com/v1.0/organization' ||
	//   failed 'entra.organization'
}
