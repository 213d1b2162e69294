# A rule that costs nothing, so that what remains is reading the document.
package trivial

default present := false

present if count(input) > 0
