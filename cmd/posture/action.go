package main

import "github.com/spf13/cobra"

func newAction(t terminal) *cobra.Command {
	return group("action", "Show one action, or register what the organization decided about it",
		"  posture action show AdminMFAV2 testdata/contoso\n  posture action set AdminMFAV2 --status planned --owner ada@contoso.example --due 2026-12-31\n  posture action undo",
		newActionShow(t), newActionSet(t), newActionUnset(t), newActionNote(t), newActionTag(t), newActionExclude(t), newActionUndo())
}
