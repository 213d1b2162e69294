package load

import "sync"

// table holds values by what they depend on, each made once. It is safe for concurrent use.
type table[K comparable, V any] struct {
	mutex  sync.RWMutex
	values map[K]V
}

// get returns the value of a key: the first one that was made.
func (t *table[K, V]) get(key K, create func() V) V {
	t.mutex.RLock()
	value, known := t.values[key]
	t.mutex.RUnlock()
	if known {
		return value
	}
	created := create()
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if value, known := t.values[key]; known {
		return value
	}
	if t.values == nil {
		t.values = map[K]V{}
	}
	t.values[key] = created
	return created
}
