# A switch of a document that has to be on, or off.
package policies.rules.switch

default compliant := false

compliant if data.context.document[data.constants.field] == data.constants.wanted

# The switch that is not known to be so.
reasons contains data.constants.reason if not compliant
