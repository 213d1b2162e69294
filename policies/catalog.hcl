# What holds for the catalog as a whole: its version, the licenses that give its products, and the products that its controls belong to. A
# catalog of your own may add licenses and products in a file like this one.

catalog {
  version = "0.1.0"
}

# A tenant holds a license if its subscriptions include any one of the service plans, by name or by id: those for companies, for
# government (GCC, GCC High, DoD), for education, for small business and for kiosks. (Plans: Microsoft Entra, "Product names and service
# plan identifiers for licensing".)

license "entra_id_p1" {
  title    = "Microsoft Entra ID P1"
  includes = ["entra_id_p2"]
  plans    = { AAD_PREMIUM = "41781fb2-bc02-4b7c-bd55-b576c07bb09d" }
}

license "entra_id_p2" {
  title = "Microsoft Entra ID P2"
  plans = { AAD_PREMIUM_P2 = "eec0eb4f-6444-4f95-aba0-50c24d67f998" }
}

license "exchange" {
  title = "Exchange Online"
  plans = {
    EXCHANGE_B_STANDARD           = "90927877-dcff-4af6-b346-2332c0b15bb7"
    EXCHANGE_L_STANDARD           = "d42bdbd6-c335-4231-ab3d-c8f348d5aff5"
    EXCHANGE_S_DESKLESS           = "4a82b400-a79f-41a4-b4e2-e94f5787b113"
    EXCHANGE_S_DESKLESS_GOV       = "88f4d7ef-a73b-4246-8047-516022144c9f"
    EXCHANGE_S_ENTERPRISE         = "efb87545-963c-4e0d-99df-69c6916d9eb0"
    EXCHANGE_S_ENTERPRISE_GOV     = "8c3069c0-ccdb-44be-ab77-986203a67df2"
    EXCHANGE_S_ESSENTIALS         = "1126bef5-da20-4f07-b45e-ad25d2581aa8"
    EXCHANGE_S_STANDARD           = "9aaf7827-d63c-4b61-89c3-182f06f82e5c"
    EXCHANGE_S_STANDARD_GOV       = "e9b4930a-925f-45e2-ac2a-3f7788ca6fdd"
    EXCHANGE_S_STANDARD_MIDMARKET = "fc52cc4b-ed7d-472d-bbe7-b081c23ecc56"
  }
}

license "defender_office" {
  title    = "Defender for Office 365"
  includes = ["defender_office_p2"]
  plans    = { ATP_ENTERPRISE = "f20fedf3-f3c3-43c3-8267-2bfdd51c0939", ATP_ENTERPRISE_GOV = "493ff600-6a2b-4db6-ad37-a7d4eb214516" }
}

license "defender_office_p2" {
  title = "Defender for Office 365 Plan 2"
  plans = { THREAT_INTELLIGENCE = "8e0c0a52-6a6c-4d40-8370-dd62790dcd70", THREAT_INTELLIGENCE_GOV = "900018f1-0cdb-4ecb-94d4-90281760fdc6" }
}

license "mail_protection" {
  title    = "Exchange Online or Defender for Office 365"
  includes = ["defender_office", "exchange"]
}

license "lockbox" {
  title = "Customer Lockbox"
  plans = {
    CustomerLockboxA_Enterprise = "3ec18638-bd4c-4d3b-8905-479ed636b83e"
    LOCKBOX_ENTERPRISE          = "9f431833-0334-42de-a7dc-70aa40db46db"
    LOCKBOX_ENTERPRISE_GOV      = "89b5d3b1-3855-49fe-b46c-87c66dbc1526"
  }
}

license "sharepoint" {
  title = "SharePoint Online"
  plans = {
    SHAREPOINTDESKLESS             = "902b47e5-dcb2-4fdc-858b-c63a90a2bdb9"
    SHAREPOINTDESKLESS_GOV         = "b1aeb897-3a19-46e2-8c27-a609413cf193"
    SHAREPOINTENTERPRISE           = "5dbe027f-2339-4123-9542-606e4d348a72"
    SHAREPOINTENTERPRISE_EDU       = "63038b2c-28d0-45f6-bc36-33062963b498"
    SHAREPOINTENTERPRISE_GOV       = "153f85dd-d912-4762-af6c-d6e0fb4f6692"
    SHAREPOINTENTERPRISE_MIDMARKET = "6b5b6a67-fc72-4a1f-a2b5-beecf05de761"
    SHAREPOINTLITE                 = "a1f3d0a8-84c0-4ae0-bae4-685917b8ab48"
    SHAREPOINTSTANDARD             = "c7699d2e-19aa-44de-8edf-1736da088ca1"
    SHAREPOINTSTANDARD_EDU         = "0a4983bb-d3e5-4a09-95d8-b2d0127b3df5"
    SHAREPOINT_S_DEVELOPER         = "a361d6e2-509e-4e25-a8ad-950060064ef4"
    "SharePoint Plan 1G"           = "f9c43823-deb4-46a8-aa65-8b551f0c4f8a"
  }
}

license "teams" {
  title = "Microsoft Teams"
  plans = {
    MCOSTANDARD           = "0feaeb32-d00e-4d66-bd5a-43b5b83db82c"
    MCOSTANDARD_GOV       = "a31ef4a2-f787-435e-8335-e47eb0cafc94"
    MCOSTANDARD_MIDMARKET = "b2669e95-76ef-4e7e-a367-002f60a39f3e"
    MCO_TEAMS_IW          = "42a3ec34-28ba-46b6-992f-db53a675ac5b"
    TEAMS1                = "57ff2da0-773e-42df-b2af-ffb7a2317929"
    TEAMS_AR_DOD          = "fd500458-c24c-478e-856c-a6067a8376cd"
    TEAMS_AR_GCCHIGH      = "9953b155-8aef-4c56-92f3-72b0487fce41"
    TEAMS_DESKLESS        = "a42de799-58ae-4e6a-aa1d-948e7abec726"
    TEAMS_GOV             = "304767db-7d23-49e8-a945-4a7eb65f9f28"
    TeamsEss              = "f4f2f6de-6830-442b-a433-e92249faebe2"
  }
}

license "data_loss_prevention" {
  title = "Data Loss Prevention"
  plans = {
    BPOS_S_DlpAddOn      = "9bec7e34-c9fa-40b7-a9d1-bd6d1165c7ed"
    COMMUNICATIONS_DLP   = "6dc145d6-95dd-4191-b9c3-185575ee6f6b"
    MICROSOFTENDPOINTDLP = "64bfac92-2b17-4482-b5e5-a0304429de3e"
  }
}

license "auto_labeling" {
  title = "Information Protection with automatic labels"
  plans = {
    MIP_S_CLP2         = "efb0351d-3b08-4503-993d-383af8de41e3"
    RMS_S_PREMIUM      = "6c57d4b6-3b23-47a5-9bc9-69f17b4947b3"
    RMS_S_PREMIUM2     = "5689bec4-755d-4753-8b61-40975025187c"
    RMS_S_PREMIUM2_GOV = "5400a66d-eaa5-427d-80f2-0f26d59d8fce"
    RMS_S_PREMIUM_GOV  = "1b66aedf-8ca1-4f73-af76-ec76c6180f98"
  }
}

license "information_protection" {
  title    = "Information Protection"
  includes = ["auto_labeling"]
  plans = {
    MIP_S_CLP1           = "5136a095-5cf0-4aff-bec3-e84448b38ea5"
    MIP_S_Exchange       = "cd31b152-6326-4d1b-ae1b-997b625182e6"
    RMS_S_ENTERPRISE     = "bea4c11e-220a-4e6d-8eb8-8ea15d019f90"
    RMS_S_ENTERPRISE_GOV = "6a76346d-5d6e-4051-9fe3-ed3f312b5597"
  }
}

license "purview" {
  title    = "Microsoft Purview"
  includes = ["data_loss_prevention", "information_protection"]
}

license "forms" {
  title = "Microsoft Forms"
  plans = {
    FORMS_GOV_E1             = "f4cba850-4f34-4fd2-a341-0fddfdce1e8f"
    FORMS_GOV_E3             = "24af5f65-d0f3-467b-9f78-ea798c4aeffc"
    FORMS_GOV_E5             = "843da3a8-d2cc-4e7a-9e90-dc46019f964c"
    FORMS_GOV_F1             = "bfd4133a-bbf3-4212-972b-60412137c428"
    FORMS_PLAN_E1            = "159f4cd6-e380-449f-a816-af1a9ef76344"
    FORMS_PLAN_E1_AR_GCCHIGH = "9c37c053-dfe3-4421-b6d4-bac8b86d42bd"
    FORMS_PLAN_E3            = "2789c901-c14e-48ab-a76a-be334d9d793a"
    FORMS_PLAN_E5            = "e212cbc7-0961-4c40-9825-01117710dcb1"
    FORMS_PLAN_E5_AR_GCCHIGH = "cf1b2895-e3fd-4b33-9594-2ab924104547"
    FORMS_PLAN_K             = "f07046bd-2a3c-4b96-b0be-dea79d7cbfb8"
    FORMS_PLAN_K_AR_GCCHIGH  = "59fb5884-fdec-40bf-aa7f-89e2bae79a7a"
    OFFICE_FORMS_PLAN_2      = "9b5de886-f035-4ff2-b3d8-c9127bea3620"
    OFFICE_FORMS_PLAN_3      = "96c1e14a-ef43-418d-b115-9636cdaa8eed"
  }
}

license "defender_endpoint" {
  title    = "Defender for Endpoint Plan 2 or Defender for Business"
  includes = ["defender_endpoint_p2"]
  plans    = { MDE_SMB = "bfc1bbd9-981b-4f71-9b82-17c35fd0e2a4" }
}

license "defender_endpoint_p2" {
  title = "Defender for Endpoint Plan 2"
  plans = { WINDEFATP = "871d91ec-ec1a-452b-a83f-bd76c7d770ef" }
}

license "defender_identity" {
  title = "Defender for Identity"
  plans = { ATA = "14ab5db5-e6c4-4b20-b4bc-13e36fd2227f" }
}

license "defender_cloud_apps" {
  title = "Defender for Cloud Apps"
  plans = {
    ADALLOM_S_O365           = "8c098270-9dd4-4350-9b30-ba4703f3b36b"
    ADALLOM_S_STANDALONE     = "2e2ddb96-6af9-4b1d-a3f0-d6ecfd22edb2"
    ADALLOM_S_STANDALONE_DOD = "6ebdddb7-8e55-4af2-952b-69e77262f96c"
  }
}

license "intune" {
  title = "Intune"
  plans = {
    INTUNE_A     = "c1ec4a95-1f05-45b3-a911-aa3fa01094f5"
    INTUNE_A_GOV = "d216f254-796f-4dab-bbfa-710686e646b9"
    INTUNE_A_VL  = "3e170737-c728-4eae-bbb9-3f3360f7184c"
    INTUNE_EDU   = "da24caf9-af8e-485c-b7c8-e73336da2693"
    INTUNE_SMBIZ = "8e9ff0ff-aa7a-4b20-83c1-2f636b600ac2"
  }
}

# A tenant has a product if it holds the license; every tenant has a product without one.

product "entra_id" {
  title   = "Microsoft Entra ID"
  service = "AzureAD"
}

product "exchange_online" {
  title   = "Exchange Online"
  service = "EXO"
  license = "exchange"
}

product "defender_office_365" {
  title   = "Defender for Office 365"
  service = "MDO"
  license = "mail_protection"
}

product "sharepoint_online" {
  title   = "SharePoint Online"
  service = "SPO"
  license = "sharepoint"
}

product "microsoft_teams" {
  title   = "Microsoft Teams"
  service = "MS Teams"
  license = "teams"
}

product "purview" {
  title   = "Microsoft Purview"
  service = "MIP"
  license = "purview"
}

product "microsoft_forms" {
  title   = "Microsoft Forms"
  service = "FORMS"
  license = "forms"
}

product "microsoft_365_admin_center" {
  title   = "Microsoft 365 admin center"
  service = "Admincenter"
}

product "microsoft_sway" {
  title   = "Microsoft Sway"
  service = "SWAY"
}

product "defender_endpoint" {
  title   = "Defender for Endpoint"
  service = "MDATP"
  license = "defender_endpoint"
}

product "defender_identity" {
  title   = "Defender for Identity"
  service = "Azure ATP"
  license = "defender_identity"
}

product "defender_cloud_apps" {
  title   = "Defender for Cloud Apps"
  service = "MCAS"
  license = "defender_cloud_apps"
}

product "app_governance" {
  title   = "App governance"
  service = "AppG"
  license = "defender_cloud_apps"
}

product "intune" {
  title   = "Intune"
  service = "Intune"
  license = "intune"
}

# Connected apps: they count where Defender for Cloud Apps, whose connectors tell their settings, may be used. Whether one is connected, the
# evidence says.

product "atlassian" {
  title   = "Defender for Cloud Apps: Atlassian"
  service = "MDA_Atlassian"
  license = "defender_cloud_apps"
}

product "citrix_sharefile" {
  title   = "Defender for Cloud Apps: Citrix ShareFile"
  service = "MDA_CitrixSF"
  license = "defender_cloud_apps"
}

product "docusign" {
  title   = "Defender for Cloud Apps: DocuSign"
  service = "MDA_DocuSign"
  license = "defender_cloud_apps"
}

product "dropbox" {
  title   = "Defender for Cloud Apps: Dropbox"
  service = "MDA_Dropbox"
  license = "defender_cloud_apps"
}

product "github" {
  title   = "Defender for Cloud Apps: GitHub"
  service = "MDA_GitHub"
  license = "defender_cloud_apps"
}

product "google_workspace" {
  title   = "Defender for Cloud Apps: Google Workspace"
  service = "MDA_Google"
  license = "defender_cloud_apps"
}

product "netdocuments" {
  title   = "Defender for Cloud Apps: NetDocuments"
  service = "MDA_NetDocuments"
  license = "defender_cloud_apps"
}

product "okta" {
  title   = "Defender for Cloud Apps: Okta"
  service = "MDA_Okta"
  license = "defender_cloud_apps"
}

product "salesforce" {
  title   = "Defender for Cloud Apps: Salesforce"
  service = "MDA_SF"
  license = "defender_cloud_apps"
}

product "servicenow" {
  title   = "Defender for Cloud Apps: ServiceNow"
  service = "MDA_SNOW"
  license = "defender_cloud_apps"
}

product "workplace" {
  title   = "Defender for Cloud Apps: Workplace by Meta"
  service = "MDA_Workplace"
  license = "defender_cloud_apps"
}

product "zendesk" {
  title   = "Defender for Cloud Apps: Zendesk"
  service = "MDA_Zendesk"
  license = "defender_cloud_apps"
}

product "zoom" {
  title   = "Defender for Cloud Apps: Zoom"
  service = "MDA_Zoom"
  license = "defender_cloud_apps"
}
