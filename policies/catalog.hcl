# What holds for the catalog as a whole: its version, and the products that its controls belong to. A catalog of your own may
# add products in a file like this one.

catalog {
  version = "0.1.0"
}

product "entra_id" {
  title = "Microsoft Entra ID"
}

product "exchange_online" {
  title = "Exchange Online"
}

product "defender_office_365" {
  title = "Defender for Office 365"
}

product "sharepoint_online" {
  title = "SharePoint Online"
}

product "microsoft_teams" {
  title = "Microsoft Teams"
}

product "purview" {
  title = "Microsoft Purview"
}

product "microsoft_forms" {
  title = "Microsoft Forms"
}

product "microsoft_365_admin_center" {
  title = "Microsoft 365 admin center"
}

product "microsoft_sway" {
  title = "Microsoft Sway"
}

product "defender_endpoint" {
  title = "Defender for Endpoint"
}

product "defender_identity" {
  title = "Defender for Identity"
}

product "defender_cloud_apps" {
  title = "Defender for Cloud Apps"
}

product "app_governance" {
  title = "App governance"
}

product "intune" {
  title = "Intune"
}
