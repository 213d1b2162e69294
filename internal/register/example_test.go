package register_test

import (
	"fmt"
	"log"

	"github.com/posture-score/posture/internal/register"
)

// A change keeps comments and formatting.
func Example() {
	editor, err := register.NewEditor("register.hcl", []byte(`# Agreed in October.
action "AdminMFAV2" {
  status = "planned" # see SEC-123
}
`))
	if err != nil {
		log.Fatal(err)
	}
	owner := "ada@contoso.example"
	if err := editor.Set("AdminMFAV2", register.Fields{Owner: &owner}); err != nil {
		log.Fatal(err)
	}
	fmt.Print(string(editor.Text()))
	// Output:
	// # Agreed in October.
	// action "AdminMFAV2" {
	//   status = "planned" # see SEC-123
	//   owner  = "ada@contoso.example"
	// }
}
