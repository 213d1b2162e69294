// Package measure runs programs and says what they cost: CPU time and memory of the whole process,
// as the operating system counted them.
//
// [Interleave] runs several programs in turns, so that a machine which slows down slows all of
// them. [Series] holds what the runs of one cost, a [Budget] says what that may be in relation to
// another, and [Report] prints it all as one table.
//
// The package does not know what is measured, and compares nothing but ratios with budgets.
package measure
