package measure

import (
	"slices"
	"time"
)

// Usage is what one run of a program cost.
type Usage struct {
	CPU time.Duration // user and system, of all its threads
	RSS int64         // bytes of memory at the peak
}

// Series are the runs of one program.
type Series []Usage

// Spread is the middle of some numbers and how far they lie apart.
type Spread struct {
	Median, Low, High float64
}

// CPU is in seconds.
func (s Series) CPU() Spread { return spread(s, func(u Usage) float64 { return u.CPU.Seconds() }) }

// RSS is in MiB.
func (s Series) RSS() Spread {
	return spread(s, func(u Usage) float64 { return float64(u.RSS) / (1 << 20) })
}

func spread(s Series, of func(Usage) float64) Spread {
	if len(s) == 0 {
		return Spread{}
	}
	numbers := make([]float64, len(s))
	for i, usage := range s {
		numbers[i] = of(usage)
	}
	slices.Sort(numbers)
	middle := len(numbers) / 2
	median := numbers[middle]
	if len(numbers)%2 == 0 {
		median = (numbers[middle-1] + numbers[middle]) / 2
	}
	return Spread{Median: median, Low: numbers[0], High: numbers[len(numbers)-1]}
}
