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

# Connected apps: they count where Defender for Cloud Apps, whose connectors tell their settings, may be used. Whether one is connected, the
# evidence says.

product "atlassian" {
  title         = "Defender for Cloud Apps: Atlassian"
  service_plans = ["ADALLOM_S_O365", "ADALLOM_S_STANDALONE"]
}

product "citrix_sharefile" {
  title         = "Defender for Cloud Apps: Citrix ShareFile"
  service_plans = ["ADALLOM_S_O365", "ADALLOM_S_STANDALONE"]
}

product "docusign" {
  title         = "Defender for Cloud Apps: DocuSign"
  service_plans = ["ADALLOM_S_O365", "ADALLOM_S_STANDALONE"]
}

product "dropbox" {
  title         = "Defender for Cloud Apps: Dropbox"
  service_plans = ["ADALLOM_S_O365", "ADALLOM_S_STANDALONE"]
}

product "github" {
  title         = "Defender for Cloud Apps: GitHub"
  service_plans = ["ADALLOM_S_O365", "ADALLOM_S_STANDALONE"]
}

product "google_workspace" {
  title         = "Defender for Cloud Apps: Google Workspace"
  service_plans = ["ADALLOM_S_O365", "ADALLOM_S_STANDALONE"]
}

product "netdocuments" {
  title         = "Defender for Cloud Apps: NetDocuments"
  service_plans = ["ADALLOM_S_O365", "ADALLOM_S_STANDALONE"]
}

product "okta" {
  title         = "Defender for Cloud Apps: Okta"
  service_plans = ["ADALLOM_S_O365", "ADALLOM_S_STANDALONE"]
}

product "salesforce" {
  title         = "Defender for Cloud Apps: Salesforce"
  service_plans = ["ADALLOM_S_O365", "ADALLOM_S_STANDALONE"]
}

product "servicenow" {
  title         = "Defender for Cloud Apps: ServiceNow"
  service_plans = ["ADALLOM_S_O365", "ADALLOM_S_STANDALONE"]
}

product "workplace" {
  title         = "Defender for Cloud Apps: Workplace by Meta"
  service_plans = ["ADALLOM_S_O365", "ADALLOM_S_STANDALONE"]
}

product "zendesk" {
  title         = "Defender for Cloud Apps: Zendesk"
  service_plans = ["ADALLOM_S_O365", "ADALLOM_S_STANDALONE"]
}

product "zoom" {
  title         = "Defender for Cloud Apps: Zoom"
  service_plans = ["ADALLOM_S_O365", "ADALLOM_S_STANDALONE"]
}
