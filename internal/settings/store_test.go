package settings

import (
	"strings"
	"testing"
)

func TestNoPath(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"posture.db": false, "a/b.db": false, "/a/b.db": false, `C:\a\b.db`: false, "C:/a@b/c.db": false, "../a@b/c.db": false, "my store=1.db": false,
		"host": false, "": false,
		"postgres:/u:s3cret@h/db": true, "postgresql:u:s3cret@h/db": true, "POSTGRES://u:s3cret@h/db": true, "host=h password=s3cret": true,
		"user=u dbname=d": true, "dbname=d PASSWORD = s3cret": true, "u:s3cret@h/db": true, "//u:s3cret@h/db": true, "u:s/3cret@h": true, ":memory:": true,
		"file:a.db?mode=memory": true, " postgres:/u:s3cret@h": true, "mysql://h/d": true, "Server=h;Pwd=s3cret": true,
	} {
		if got := NoPath(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestConcealedStore(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"postgres:/u:s3cret@h/db", "host=h password=s3cret", ":memory:s3cret"} {
		_, err := Read(Name, []byte("store = \""+text+"\"\n"))
		if err == nil || !strings.Contains(err.Error(), "Invalid store") || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
