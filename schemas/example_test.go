package schemas_test

import (
	"fmt"

	"github.com/posture-score/posture/schemas"
)

func Example() {
	registry, err := schemas.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	users, _ := registry.Dataset("entra.users")
	fmt.Println(users.Name, "is a", users.Kind, "named by", users.Key)

	record := map[string]any{"id": "u1", "accountEnabled": "true", "userType": "Alien"}
	for _, violation := range users.Validate(record) {
		fmt.Println(violation.Pointer, violation.Message, violation.Structural())
	}
	// Output:
	// entra.users is a population named by id
	// /accountEnabled want boolean or null, got string true
	// /userType "Alien" is not one of "Member", "Guest" false
}
