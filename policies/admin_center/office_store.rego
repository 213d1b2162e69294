package policies.admin_center.office_store

# People can't get apps from the Office store on their own.
default compliant := false

compliant if data.evidence.admin_center.settings.isOfficeStoreEnabled == false

# The switch that is not known to be off.
reasons contains "people are not kept from getting apps in the Office store" if not compliant
