# Mailboxes of Exchange Online.
package policies.lib.mailbox

# impersonal holds for kinds of mailboxes that belong to no person. A kind that isn't known here may well be a person's.
impersonal(kind) if _text(kind) in {
	"ArbitrationMailbox",
	"AuditLogMailbox",
	"AuxAuditLogMailbox",
	"DiscoveryMailbox",
	"EquipmentMailbox",
	"GroupMailbox",
	"LinkedRoomMailbox",
	"MonitoringMailbox",
	"PublicFolderMailbox",
	"RoomMailbox",
	"SchedulingMailbox",
	"SharedMailbox",
	"SupervisoryReviewPolicyMailbox",
	"SystemAttendantMailbox",
	"SystemMailbox",
	"TeamMailbox",
}

_text(value) := value if is_string(value)

else := ""
