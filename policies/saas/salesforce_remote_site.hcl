control "MDA_SF_disableProtocolSecurity" {
  title       = "Remote Site"
  description = "No remote site of Salesforce allows what it does by plain HTTP as well (“Disable Protocol Security” is off). The rule is read from the id alone, since nothing published says more: so someone has to attest it."
  category    = "apps"
  product     = "salesforce"
  points      = 5
  tier        = "core"
  threats     = []
  confidence  = "low"

  attested {}

  implementation {
    manage_url = "https://security.microsoft.com/securescore?viewid=actions"
    steps = [
      "Open Setup, Security, Remote Site Settings in Salesforce.",
      "In every remote site, clear “Disable Protocol Security”, unless the site can't be reached by HTTPS.",
      "Attest that none is left, with a list or a ticket as evidence.",
    ]
    learn_more = { "Remote sites" = "https://help.salesforce.com/s/articleView?id=sf.configuring_remoteproxy.htm" }
  }

  frameworks = { nist_csf = ["PR.DS-02"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b, which say no more than the title"
}
