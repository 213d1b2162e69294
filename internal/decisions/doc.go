// Package decisions says where the decisions of an organization stand at a time: what is planned, due and overdue, which decisions expire
// or have expired, and which have no effect; grouped by owner.
//
// It reads no register and prints nothing: it takes decisions and an assessment as they are.
package decisions
