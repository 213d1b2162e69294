# What holds for the catalog as a whole: its version, and the products that its controls belong to. A catalog of your own may
# add products in a file like this one. A tenant has a product if its licenses include any one of the service plans; every tenant
# has a product without any. (Plans: Microsoft Entra, "Product names and service plan identifiers for licensing".)

catalog {
  version = "0.1.0"
}

product "entra_id" {
  title = "Microsoft Entra ID"
}

product "exchange_online" {
  title         = "Exchange Online"
  service_plans = ["EXCHANGE_S_DESKLESS", "EXCHANGE_S_ENTERPRISE", "EXCHANGE_S_STANDARD", "EXCHANGE_S_STANDARD_MIDMARKET"]
}

product "defender_office_365" {
  title         = "Defender for Office 365"
  service_plans = ["ATP_ENTERPRISE", "EXCHANGE_S_DESKLESS", "EXCHANGE_S_ENTERPRISE", "EXCHANGE_S_STANDARD", "EXCHANGE_S_STANDARD_MIDMARKET", "THREAT_INTELLIGENCE"]
}

product "sharepoint_online" {
  title         = "SharePoint Online"
  service_plans = ["SHAREPOINTENTERPRISE", "SHAREPOINTENTERPRISE_A365", "SHAREPOINTSTANDARD"]
}

product "microsoft_teams" {
  title         = "Microsoft Teams"
  service_plans = ["MCOSTANDARD", "TEAMS1"]
}

product "purview" {
  title         = "Microsoft Purview"
  service_plans = ["BPOS_S_DlpAddOn", "COMMUNICATIONS_DLP", "MICROSOFTENDPOINTDLP", "MIP_S_CLP2", "MIP_S_Exchange", "RMS_S_ENTERPRISE", "RMS_S_PREMIUM"]
}

product "microsoft_forms" {
  title         = "Microsoft Forms"
  service_plans = ["FORMS_PLAN_E1", "FORMS_PLAN_E3", "FORMS_PLAN_E5"]
}

product "microsoft_365_admin_center" {
  title = "Microsoft 365 admin center"
}

product "microsoft_sway" {
  title = "Microsoft Sway"
}

product "defender_endpoint" {
  title         = "Defender for Endpoint"
  service_plans = ["MDE_SMB", "WINDEFATP"]
}

product "defender_identity" {
  title         = "Defender for Identity"
  service_plans = ["ATA", "Azure_Advanced_Threat_Protection"]
}

product "defender_cloud_apps" {
  title         = "Defender for Cloud Apps"
  service_plans = ["ADALLOM_S_O365", "ADALLOM_S_STANDALONE"]
}

product "app_governance" {
  title         = "App governance"
  service_plans = ["ADALLOM_S_O365", "ADALLOM_S_STANDALONE"]
}

product "intune" {
  title         = "Intune"
  service_plans = ["INTUNE_A"]
}
