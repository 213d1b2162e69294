package psobject

import (
	"strconv"
	"strings"
	"time"
)

// Dates outside these years have no RFC 3339 form.
const (
	firstYear = 0
	lastYear  = 9999
)

// Date reads "/Date(1723812853000)/": milliseconds since 1970 in UTC, with an
// optional offset ("+0200") that says where the clock hung and does not change
// the instant. It answers in RFC 3339, in UTC, and false for anything else.
func Date(text string) (string, bool) {
	inner, ok := strings.CutPrefix(text, "/Date(")
	if !ok {
		return "", false
	}
	if inner, ok = strings.CutSuffix(inner, ")/"); !ok {
		return "", false
	}
	// A sign after the first character begins the offset.
	if at := strings.LastIndexAny(inner, "+-"); at > 0 {
		if !isOffset(inner[at+1:]) {
			return "", false
		}
		inner = inner[:at]
	}
	if !isInteger(inner) {
		return "", false
	}
	ms, err := strconv.ParseInt(inner, 10, 64)
	if err != nil {
		return "", false
	}
	at := time.UnixMilli(ms).UTC()
	if at.Year() < firstYear || at.Year() > lastYear {
		return "", false
	}
	return at.Format(time.RFC3339Nano), true
}

func isOffset(text string) bool {
	return len(text) == 4 && isDigits(text)
}

func isInteger(text string) bool {
	return isDigits(strings.TrimPrefix(text, "-"))
}

func isDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}

// instant is the format of texts that are a time.
const instant = "date-time"

// timestamp writes a time in RFC 3339, in UTC, that was written in local time, as ConvertTo-Json does, with a blank, or without a zone: those
// of Microsoft's services are in UTC ("2020-11-03 10:13:34.8476880"). What is no such time stays as it is, and so does one whose order of
// day and month is a guess.
func timestamp(text string) string {
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		if strings.HasSuffix(text, "Z") || at.UTC().Year() < firstYear || at.UTC().Year() > lastYear {
			return text
		}
		return at.UTC().Format(time.RFC3339Nano)
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z07:00", "2006-01-02 15:04:05 UTC", "2006-01-02T15:04Z07:00", "2006-01-02", "Mon, 02 Jan 2006 15:04:05 GMT"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC().Format(time.RFC3339Nano)
		}
	}
	return text
}
