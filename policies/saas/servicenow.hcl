defaults {
  use        = "connected_app"
  product    = "servicenow"
  confidence = "high"
  match      = { app = "ServiceNow" }
  threats    = ["account_breach", "data_exfiltration"]

  implementation {
    steps = [
      "As an administrator of ServiceNow, open the list of system properties (sys_properties), of plugins or of script actions.",
      "Bring each setting that the reasons of the assessment name to what they ask for, in every instance that is connected.",
      "Collect the settings again, and see that no instance is failing any more.",
    ]
    learn_more = {
      "Add a system property" = "https://docs.servicenow.com/bundle/rome-platform-administration/page/administer/reference-pages/task/t_AddAPropertyUsingSysPropsList.html"
      "Connect apps"          = "https://learn.microsoft.com/en-us/defender-cloud-apps/enable-instant-visibility-protection-and-governance-actions-for-your-apps"
    }
  }

  source = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; rules of low confidence as the remediation in the former says @1cd2a632; properties as the remediation of the profiles names them"
}

control "MDA_SNOW_authenticateMultifactor" {
  title       = "Enable multi-factor authentication"
  description = "People sign in with a second factor."
  points      = 6
  parameters  = { enabled = ["glide.authenticate.multifactor"] }
  frameworks  = { mitre_attack = ["T1078.004"], nist_csf = ["PR.AA-03"] }
}

control "MDA_SNOW_authRequiredJson2" {
  title       = "Enable enforcing JSONv2 requests with basic authorization"
  description = "Nobody reads data through JSONv2 requests without authenticating."
  points      = 5
  parameters  = { enabled = ["glide.basicauth.required.jsonv2"] }
  frameworks  = { nist_csf = ["PR.AA-03"] }
}

control "MDA_SNOW_authRequiredSOAP" {
  title       = "Enable enforcing SOAP requests with basic authorization"
  description = "Nobody reads data through SOAP requests without authenticating."
  points      = 5
  parameters  = { enabled = ["glide.basicauth.required.soap"] }
  frameworks  = { nist_csf = ["PR.AA-03"] }
}

control "MDA_SNOW_authRequiredUnl" {
  title       = "Enable unload request authorization"
  description = "Nobody unloads tables without authenticating."
  points      = 6
  parameters  = { enabled = ["glide.basicauth.required.unl"] }
  frameworks  = { nist_csf = ["PR.AA-03"] }
}

control "MDA_SNOW_cauthRequiredScriptedProcessor" {
  title       = "Enable script request authorization"
  description = "Nobody sends script requests without authenticating."
  points      = 4
  parameters  = { enabled = ["glide.basicauth.required.scriptedprocessor"] }
  frameworks  = { nist_csf = ["PR.AA-03"] }
}

control "MDA_SNOW_concourseOnmessageEnforceSameOrigin" {
  title       = "Enable URL allow list for cross-origin iframe communication"
  description = "Only origins that are listed may talk to pages of the instance from a frame."
  points      = 6
  parameters  = { enabled = ["glide.ui.concourse.onmessage_enforce_same_origin"] }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_SNOW_enablePasswordPolicy" {
  title       = "Enable Password Reset Policy Checks"
  description = "A password that somebody resets is checked against the policy."
  points      = 4
  parameters  = { enabled = ["glide.enable.password_policy"] }
  frameworks  = { mitre_attack = ["T1110.001", "T1110.003"], nist_csf = ["PR.AA-01", "PR.AA-03"] }
}

control "MDA_SNOW_highSecurity" {
  title       = "Enable high security plugin"
  description = "The plugin for high security settings is active."
  points      = 7
  confidence  = "low"
  parameters  = { one_of = { "com.glide.high_security" = ["active", "true"] } }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_SNOW_httpCacheControl" {
  title       = "Set default cache-control HTTP header value to private"
  description = "Pages are kept in the cache of the one browser alone, not in shared ones."
  points      = 6
  parameters  = { one_of = { "glide.http.cache_control" = ["private"] } }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_SNOW_loginNoBlankPassword" {
  title       = "Disable password-less authentication"
  description = "Nobody signs in with an empty password."
  points      = 6
  parameters  = { enabled = ["glide.login.no_blank_password"] }
  frameworks  = { mitre_attack = ["T1110.001"], nist_csf = ["PR.AA-03"] }
}

control "MDA_SNOW_roleManagement" {
  title       = "Enable Contextual Security: Role Management plugin"
  description = "The plugin for contextual security by roles is active, so that access rules alone decide."
  points      = 6
  confidence  = "low"
  parameters  = { one_of = { "com.glide.role_management" = ["active", "true"] } }
  frameworks  = { nist_csf = ["PR.AA-05"] }
}

control "MDA_SNOW_scriptCcsiIsPublic" {
  title       = "Set client-callable script includes to private"
  description = "Script includes that clients may call are private unless they say otherwise."
  points      = 4
  parameters  = { disabled = ["glide.script.ccsi.ispublic"] }
  frameworks  = { nist_csf = ["PR.AA-05"] }
}

control "MDA_SNOW_scriptSecureAjaxgliderecord" {
  title       = "Apply access control rule (ACL) validation when server-side records are accessed using GlideAjax APIs within a client script"
  description = "Access rules hold for records that client scripts ask the server for."
  points      = 4
  parameters  = { enabled = ["glide.script.secure.ajaxgliderecord"] }
  frameworks  = { nist_csf = ["PR.AA-05"] }
}

control "MDA_SNOW_scriptUseSandbox" {
  title       = "Enable client generated scripts sandbox"
  description = "Scripts that come from clients run in a sandbox."
  points      = 6
  parameters  = { enabled = ["glide.script.use.sandbox"] }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_SNOW_smDefaultMode" {
  title       = "Enable default deny with new ACL rules"
  description = "Where no access rule says otherwise, access is denied. The profile wants the value true; the value deny, by which the property says so itself, counts as well."
  points      = 5
  parameters  = { one_of = { "glide.sm.default_mode" = ["true", "deny"] } }
  frameworks  = { nist_csf = ["PR.AA-05"] }
}

control "MDA_SNOW_sncUserLockoutCheck" {
  title       = "Enable managing failed login attempts"
  description = "One of the two script actions that lock accounts after failed sign-ins is active."
  points      = 4
  confidence  = "low"
  parameters  = { enabled = ["sncUserLockoutCheck"] }
  frameworks  = { mitre_attack = ["T1110.001"], nist_csf = ["PR.AA-03"] }
}

control "MDA_SNOW_soapRequireContentTypeXml" {
  title       = "Enable SOAP content type checking"
  description = "SOAP requests of another content type than XML are refused."
  points      = 6
  parameters  = { enabled = ["glide.soap.require_content_type_xml"] }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_SNOW_soapStrictSecurity" {
  title       = "Enable SOAP request strict security"
  description = "Access rules hold for SOAP requests."
  points      = 6
  parameters  = { enabled = ["glide.soap.strict_security"] }
  frameworks  = { nist_csf = ["PR.AA-05"] }
}

control "MDA_SNOW_systemSecurity" {
  title       = "Activate security jump start (ACL rules) plugin"
  description = "The plugin with access rules to start from is active. ServiceNow activates it; look at your own rules first. The profile doesn't give the id of the plugin; com.snc.system_security is what ServiceNow calls it."
  points      = 4
  confidence  = "low"
  parameters  = { one_of = { "com.snc.system_security" = ["active", "true"] } }
  frameworks  = { nist_csf = ["PR.AA-05"] }
}

control "MDA_SNOW_uiSessionTimeout" {
  title       = "Enable session activity timeout"
  description = "A session ends after 60 idle minutes or sooner."
  points      = 4
  parameters  = { at_most = { "glide.ui.session_timeout" = 60 } }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_SNOW_useCsrfToken" {
  title       = "Enable anti-CSRF token"
  description = "Requests that write carry a token that other sites can't forge."
  points      = 6
  parameters  = { enabled = ["glide.security.use_csrf_token"] }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_SNOW_userCookieMaxLifeSpanInDays" {
  title       = "Enable absolute session timeout"
  description = "People sign in again after fewer than 180 days, however busy they are."
  points      = 4
  parameters  = { at_most = { "glide.ui.user_cookie.max_life_span_in_days" = 179 } }
  frameworks  = { nist_csf = ["PR.AA-03", "PR.PS-01"] }
}
