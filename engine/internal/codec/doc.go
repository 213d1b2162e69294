// Package packed writes values in a compact form and reads them back, fast: it is how a catalog that is known when the program is
// built comes with it already worked out.
//
// One list of calls says how a type is written and how it is read, so that the two can't differ. A text that was cut off or changed
// is an error when it is read, never a panic. The form has no versions: who keeps packed texts has to know that what wrote them is
// the same as what reads them.
package codec
