package policies.purview.activity_subscriptions

# Every kind of content that the control names is subscribed to.
default compliant := false

compliant if {
	count(data.parameters.content_types) > 0
	count(_missing) == 0
}

# Which kinds are not, or whose subscription is not enabled.
reasons contains sprintf("no subscription of %s is enabled", [content_type]) if {
	some content_type in _missing
	not content_type in _of_status.enabled
}

reasons contains sprintf("of %s there are subscriptions that are enabled and others that are not", [content_type]) if {
	some content_type in _missing
	content_type in _of_status.enabled
}

reasons contains "the control names no kind of content" if count(data.parameters.content_types) == 0

# A kind of which a record says otherwise is not known to be subscribed to.
_missing := {content_type |
	some content_type in data.parameters.content_types
	not content_type in (_of_status.enabled - _of_status.other)
}

_of_status := {
	"enabled": {subscription.contentType |
		some subscription in data.evidence.purview.activity_subscriptions
		subscription.status == "enabled"
	},
	"other": {subscription.contentType |
		some subscription in data.evidence.purview.activity_subscriptions
		not subscription.status == "enabled"
	},
}
