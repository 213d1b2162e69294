// Package redact replaces what names people, records, tenants and organizations in an assessment by pseudonyms, before it is rendered: so no
// format can show what is not there any more.
//
// A pseudonym is an HMAC of the text with the organization's key. The same text has the same pseudonym in every field, format and run, and
// whoever has the key can look one up; nobody else can, though a pseudonym is not anonymous: who sees many of them can tell which
// belong together.
//
// Texts that name something within a sentence, such as reasons, are taken apart by the formats that they were made with: those of the
// engine, which are listed here, and those in the catalog. What stands in the place of a value is replaced. A text that fits none of
// them is withheld, since nobody knows what is in it.
//
// It does NOT read files or keys, and it does not change the policies' own words: ids, titles and categories of actions.
package redact
