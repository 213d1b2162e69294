package main

import "fmt"

// onOff is a flag that is written in words.
type onOff bool

func (o *onOff) String() string {
	if *o {
		return "on"
	}
	return "off"
}

func (o *onOff) Set(text string) error {
	switch text {
	case "on":
		*o = true
	case "off":
		*o = false
	default:
		return fmt.Errorf("%q is neither on nor off", text)
	}
	return nil
}
