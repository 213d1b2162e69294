// Package leftover makes temporary files and folders that outlive no one: what a killed process leaves behind, the next one removes.
//
// A process holds a lock on each of them for as long as it uses it, so that it does not matter which process has which number, and
// on which machine or in which container it runs. It knows nothing of what the files hold, and removes no other ones.
package leftover
