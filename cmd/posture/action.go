package main

import "github.com/spf13/cobra"

func newAction(t terminal) *cobra.Command {
	return group("action", "Register what the organization decided about actions",
		"  posture action set AdminMFAV2 --status planned --owner ada@contoso.example --due 2026-12-31\n  posture action undo",
		newActionSet(t), newActionUnset(t), newActionNote(t), newActionTag(t), newActionExclude(t), newActionUndo())
}
