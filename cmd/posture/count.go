package main

import (
	"errors"
	"math"
	"strconv"
)

// count is the value of a flag that says how many: a whole number from 1, or all, which is less than 0. It is 0 if it was not given.
type count int

// countType names it among the types of flags.
const countType = "count"

// all is the word for what has no bound.
const all = "all"

// Set is part of pflag.Value.
func (c *count) Set(text string) error {
	if text == all {
		*c = -1
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return errors.New("not a count")
	}
	*c = count(n)
	return nil
}

// String is part of pflag.Value.
func (c *count) String() string {
	switch {
	case *c == 0:
		return ""
	case *c < 0:
		return all
	}
	return strconv.Itoa(int(*c))
}

// Type is part of pflag.Value.
func (*count) Type() string { return countType }

// most is the bound, if one was given, or 0.
func (c *count) most() int {
	if *c < 0 {
		return math.MaxInt
	}
	return int(*c)
}
