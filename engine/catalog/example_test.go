package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/schemas"
)

// The built-in catalog tells what each control is worth and what evidence it reads.
func ExampleLoad() {
	datasets, err := schemas.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	builtin, err := catalog.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	cat, err := catalog.Load(context.Background(), datasets, builtin)
	if err != nil {
		fmt.Println(err)
		return
	}
	control, _ := cat.Control("MFARegistrationV2")
	fmt.Printf("%s: %d points, %s\n", control.ID, control.Points/100, control.Kind)
	for _, name := range control.Datasets() {
		dataset, _ := cat.Datasets().Dataset(name)
		fmt.Printf("  %s (%s)\n", dataset.Name, dataset.Kind)
	}
	// Output:
	// MFARegistrationV2: 9 points, coverage
	//   entra.security_defaults (document)
	//   entra.user_registration (population)
	//   entra.users (population)
}

// All mistakes of a catalog are found at once, and printed with the lines that they are in.
func ExampleProblems_Write() {
	dir, err := os.MkdirTemp("", "catalog")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	text := "product \"Payroll\" {\n  title = \"Payroll\"\n}\n"
	if err := os.WriteFile(dir+"/catalog.hcl", []byte(text), 0o644); err != nil {
		fmt.Println(err)
		return
	}
	source, err := catalog.Dir(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	source.Name = "our-controls"
	datasets, err := schemas.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = catalog.Load(context.Background(), datasets, source)
	var problems *catalog.Problems
	if errors.As(err, &problems) {
		if err := problems.Write(os.Stdout, 0, false); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// Error: Invalid product id
	//
	//   on our-controls/catalog.hcl line 1, column 1, in product "Payroll":
	//    1: product "Payroll" {
	//
	// An id is lower-case letters, digits and underscores, and starts with a letter: "Payroll" is not.
}

// An organization asks for more than the built-in catalog does. What differs is one parameter.
func ExampleCompare() {
	datasets, err := schemas.Builtin()
	if err != nil {
		log.Fatal(err)
	}
	source, err := catalog.Builtin()
	if err != nil {
		log.Fatal(err)
	}
	builtin, err := catalog.Load(context.Background(), datasets, source)
	if err != nil {
		log.Fatal(err)
	}
	ours, err := builtin.WithParameters("ours.hcl", []byte("control \"aad_sign_in_freq_session_timeout\" {\n  max_hours = 1\n}\n"))
	if err != nil {
		log.Fatal(err)
	}
	d := catalog.Compare(builtin, ours)
	for _, control := range d.Changed {
		for _, change := range control.Changes {
			fmt.Printf("%s: %s %s is %v instead of %v\n", control.New.ID, change.Kind, change.Name, change.New, change.Old)
		}
	}
	// Output:
	// aad_sign_in_freq_session_timeout: parameter max_hours is 1 instead of 4
}
