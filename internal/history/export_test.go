package history

// Digest returns the digest of the JSON of a value.
func Digest(value any) string {
	text, err := compact(value)
	if err != nil {
		return err.Error()
	}
	return digest(text)
}
