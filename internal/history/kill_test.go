package history_test

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
)

// What a child of the tests appends to, and from which day on.
const (
	childStore  = "HISTORY_TEST_STORE"
	childTenant = "HISTORY_TEST_TENANT"
	childFirst  = "HISTORY_TEST_FIRST"
	childCount  = "HISTORY_TEST_COUNT"
)

// child appends assessments of one day after the other, and prints the number of each once it is stored.
func child(url string) int {
	err := func() error {
		ctx := context.Background()
		first, err := strconv.Atoi(os.Getenv(childFirst))
		if err != nil {
			return err
		}
		count, err := strconv.Atoi(os.Getenv(childCount))
		if err != nil {
			return err
		}
		s, err := history.Open(ctx, url)
		if err != nil {
			return err
		}
		for n := first; n < first+count; n++ {
			entry, _, err := s.Append(ctx, sample(os.Getenv(childTenant), n, int64(n%11)), history.Posture)
			if err != nil {
				return err
			}
			fmt.Println(n, entry.ID, entry.Hash)
		}
		return s.Close()
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// appender returns a child process that appends so many assessments, from a day on.
func appender(t *testing.T, url, tenant string, first, count int) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(must.Get(os.Executable())(t))
	cmd.Env = append(os.Environ(), childStore+"="+url, childTenant+"="+tenant, childFirst+"="+strconv.Itoa(first), childCount+"="+strconv.Itoa(count))
	return cmd
}

// TestTwoWriters lets two processes and some goroutines append to one tenant at once: every entry is there, once, in one chain.
func TestTwoWriters(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		const each = 25
		var group sync.WaitGroup
		for _, first := range []int{1, 101} {
			group.Go(func() {
				if out, err := appender(t, url, "t", first, each).CombinedOutput(); err != nil {
					t.Errorf("%v: %s", err, out)
				}
			})
		}
		s := open(t, url)
		for i := range 2 {
			group.Go(func() {
				for n := range each {
					if _, _, err := s.Append(t.Context(), sample("t", 201+100*i+n, 3), history.Posture); err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		sound(t, s, 4*each)
	})
}

// sound fails unless a store has so many entries of the tenant t, and all of them are whole.
func sound(t *testing.T, s *history.Store, count int) {
	t.Helper()
	verified := must.Get(s.Verify(t.Context(), history.Filter{Tenant: "t"}))(t)
	if count == 0 && len(verified) == 0 {
		return
	}
	if len(verified) != 1 || len(verified[0].Findings) > 0 || verified[0].Entries != int64(count) {
		t.Errorf("%d entries should be sound: %+v", count, verified)
	}
}

// settled waits until the store stays as it is: a server may still commit what a process asked for before it was killed.
func settled(t *testing.T, s *history.Store) {
	t.Helper()
	before := ""
	for same := 0; same < 5; time.Sleep(100 * time.Millisecond) {
		state := must.Get(s.State(t.Context()))(t)
		if same++; state != before {
			before, same = state, 0
		}
	}
}

// kills is how often TestKilled kills: more take minutes.
var kills = flag.Int("kills", 30, "kill a process so many times")

// TestKilled kills a process at random points while it starts and appends, again and again. What it said to have stored is there, and
// whatever is there is whole.
func TestKilled(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		const most = 40
		rounds := *kills
		random := rand.New(rand.NewPCG(14, uint64(rounds)))
		s := open(t, url)
		stored := map[string]bool{}
		for round := range rounds {
			cmd := appender(t, url, "t", round*most+1, most)
			out := must.Get(cmd.StdoutPipe())(t)
			cmd.Stderr = os.Stderr
			must.Do(t, cmd.Start())
			kill := func(within int) *time.Timer {
				return time.AfterFunc(time.Duration(random.IntN(within))*time.Microsecond, func() { _ = cmd.Process.Kill() })
			}
			var timer *time.Timer
			if round%4 == 0 { // while it opens the store
				timer = kill(40_000)
			}
			for lines := bufio.NewScanner(out); lines.Scan(); {
				if fields := strings.Fields(lines.Text()); len(fields) == 3 && len(fields[2]) == 64 {
					stored[fields[2]] = true
				}
				if timer == nil { // while it appends
					timer = kill(30_000)
				}
			}
			_ = cmd.Wait()
			timer.Stop()
		}
		said := len(stored)
		settled(t, s)
		count := 0
		for entry, err := range s.Entries(t.Context(), history.Filter{}) {
			must.Do(t, err)
			delete(stored, entry.Hash)
			count++
		}
		if len(stored) > 0 {
			t.Errorf("%d of %d entries are lost", len(stored), said)
		}
		if said < rounds/2 || said == rounds*most {
			t.Errorf("%d entries were stored: the processes were killed at other points than they should", said)
		}
		sound(t, s, count)
	})
}
