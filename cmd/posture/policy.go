package main

import "github.com/spf13/cobra"

func newPolicy(t terminal) *cobra.Command {
	return group("policy", "Write, try, check, test, prove, list, compare and format controls", "  posture policy list\n  posture policy check ./our-controls",
		newPolicyCheck(t), newPolicyTest(t), newPolicyProve(t), newPolicyTry(t), newPolicyList(t), newPolicyShow(t), newPolicyDiff(t), newPolicyFmt(t), newPolicyNew(t))
}
