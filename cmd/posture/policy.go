package main

import "github.com/spf13/cobra"

func newPolicy(t terminal) *cobra.Command {
	return group("policy", "Check, test, prove, list, compare, format and write controls", "  posture policy list\n  posture policy check ./our-controls",
		newPolicyCheck(t), newPolicyTest(t), newPolicyProve(t), newPolicyList(t), newPolicyShow(t), newPolicyDiff(t), newPolicyFmt(t), newPolicyNew(t))
}
