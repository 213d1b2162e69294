package policies.purview.activity_subscriptions

# Every kind of content that the control names is subscribed to.
default compliant := false

compliant if count(_missing) == 0

# Which kinds are not, or whose subscription is not enabled.
reasons contains sprintf("no subscription of %s is enabled", [content_type]) if some content_type in _missing

_missing := {content_type |
	some content_type in data.parameters.content_types
	not content_type in _enabled
}

_enabled := {subscription.contentType |
	some subscription in data.evidence.purview.activity_subscriptions
	subscription.status == "enabled"
}
