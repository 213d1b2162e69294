# Where Defender for Identity is deployed: one rule, which differs in the kind of servers.

defaults {
  category    = "identity"
  product     = "defender_identity"
  points      = 4
  tier        = "core"
  difficulty  = "high"
  user_impact = "low"
  threats     = []

  description = <<-EOT
    Earns the share of servers of this kind that carry a sensor. A tenant without such a server is left out.
    A server whose role nobody knows may be of this kind, and counts as one without a sensor.
  EOT

  graded {}
  context = ["defender_identity.sensors"]

  parameter "roles" {
    type        = list(string)
    description = "The roles of the servers that need a sensor, in any spelling."
  }

  prerequisite { license = "defender_identity" }

  user_impact_text = "Nobody notices. The sensor takes some memory and processor time of the server."
  implementation {
    manage_url = "https://security.microsoft.com/settings/identities"
    steps = [
      "In the Defender portal, list the servers of this kind that carry no sensor.",
      "Check that each has the memory, processor and network access that the sensor needs.",
      "Install the sensor, or activate it where the server is onboarded to Defender for Endpoint, and see that its status is running.",
    ]
    learn_more = { "Deploy Defender for Identity" = "https://learn.microsoft.com/en-us/defender-for-identity/deploy/deploy-defender-identity" }
  }
  frameworks = { nist_csf = ["DE.CM-09"] }
  source     = "Secure Score control profiles of Defender for Identity (facts and remediation of public exports: scored by the progress of deployment)"
}

control "AATP_DefenderForIdentityIsNotInstalled" {
  title       = "Start your Defender for Identity deployment, installing Sensors on Domain Controllers and other eligible servers"
  points      = 5
  parameters  = { roles = ["DomainController", "ADCS", "ADFS", "EntraConnect"] }
  differences = ["Microsoft counts it in tenants without a license of Defender for Identity, where it does not apply here, and gave 0 points where every domain controller has a sensor."]
}

control "AATP_Sensor" {
  title      = "Install Defender for Identity Sensor on all Domain Controllers"
  threats    = ["account_breach", "elevation_of_privilege", "malicious_insider"]
  parameters = { roles = ["DomainController"] }
}

control "AATP_AdcsComputersWithNoMdiSensorInstalled" {
  title      = "Install Defender for Identity Sensor on ADCS servers"
  parameters = { roles = ["ADCS"] }
}

control "AATP_AdfsComputersWithNoMdiSensorInstalled" {
  title      = "Install Defender for Identity Sensor on ADFS servers"
  parameters = { roles = ["ADFS"] }
}

control "AATP_EntraConnectComputersWithNoMdiSensorInstalled" {
  title      = "Install Defender for Identity Sensor on Entra Connect servers"
  parameters = { roles = ["EntraConnect"] }
}
