package signin

import (
	"cmp"
	"errors"
	"slices"
	"strings"
)

// Access says who may do what: values of a claim, such as groups or roles, or mail addresses that the provider has verified.
type Access struct {
	// Claim is the name of the claim; "roles" if it is empty. A dot leads into an object: "realm_access.roles".
	Claim   string
	Readers []string
	Editors []string
}

func (a Access) check() error {
	if len(a.Readers)+len(a.Editors) == 0 {
		return errors.New("nobody could sign in: name readers or editors, by a value of the claim or by a mail address")
	}
	if slices.Contains(slices.Concat(a.Readers, a.Editors), "") {
		return errors.New("a reader or editor has an empty name")
	}
	return nil
}

// role returns the role of somebody with claims; "" for none.
func (a Access) role(who claims) Role {
	values := who.list(cmp.Or(a.Claim, "roles"))
	mail := who.mail()
	in := func(names []string) bool {
		return slices.ContainsFunc(names, func(name string) bool {
			return name != "" && (slices.Contains(values, name) || mail != "" && strings.Contains(name, "@") && sameMail(mail, name))
		})
	}
	switch {
	case in(a.Editors):
		return Editor
	case in(a.Readers):
		return Reader
	}
	return ""
}

// sameMail compares addresses in upper and lower case of ASCII alone: Unicode has letters that fold to those of ASCII (K, ſ) and are
// another mailbox.
func sameMail(a, b string) bool {
	lower := func(text string) string {
		return strings.Map(func(r rune) rune {
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			return r
		}, text)
	}
	return lower(a) == lower(b)
}

// claims are what the provider says of somebody: the members of an ID token.
type claims map[string]any

// list returns the texts of a claim that is a text or a list of them.
func (c claims) list(name string) []string {
	value, ok := c[name]
	if !ok {
		object := map[string]any(c)
		steps := strings.Split(name, ".")
		for _, step := range steps[:len(steps)-1] {
			object, _ = object[step].(map[string]any)
		}
		value = object[steps[len(steps)-1]]
	}
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		var texts []string
		for _, one := range value {
			if text, ok := one.(string); ok {
				texts = append(texts, text)
			}
		}
		return texts
	}
	return nil
}

func (c claims) text(name string) string {
	text, _ := c[name].(string)
	return text
}

// mail returns the mail address if the provider has verified it. One that it has not may be whatever its user typed.
func (c claims) mail() string {
	switch c["email_verified"] {
	case true, "true": // some providers send a text
		return c.text("email")
	}
	return ""
}

// named reports whether there is more than the subject to call somebody by.
func (c claims) named() bool { return c.name() != cleanName(c.text("sub")) }

// name returns what to call somebody. A name that the provider does not vouch for may be the name of somebody else: the subject,
// which is unique, stands beside it.
func (c claims) name() string {
	if mail := cleanName(c.mail()); mail != "" {
		return mail
	}
	subject := cleanName(c.text("sub"))
	name := cmp.Or(cleanName(c.text("preferred_username")), cleanName(c.text("name")))
	if name == "" {
		return subject
	}
	return cleanName(name + " (" + subject + ")")
}
