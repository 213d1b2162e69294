# Each control here is one setting that Microsoft Defender Vulnerability Management assesses on every device. The rule is the same for
# all of them: a new control is a new block with the configuration's id. Their statuses come from exceptions in the evidence, which name
# the recommendation.
defaults {
  category = "device"
  product  = "defender_endpoint"
  tier     = "core"
  threats  = []

  prerequisite {
    service_plans = ["WINDEFATP"]
  }

  implementation {
    manage_url = "https://security.microsoft.com/security-recommendations"
    steps = [
      "Open the recommendation in Microsoft Defender Vulnerability Management and look at the devices that are exposed.",
      "Follow its remediation options, with Intune, Group Policy or the management tool of the platform.",
      "Devices report again within a day; check that they no longer show as exposed.",
    ]
    learn_more = {
      "Security recommendations" = "https://learn.microsoft.com/defender-vulnerability-management/tvm-security-recommendation"
    }
  }

  source = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562, which leave tier, cost and threats open (core is this catalog's choice); license plan as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151; records as in MicrosoftDocs/defender-docs@049e8ea2:defender-endpoint/api/get-assessment-secure-config.md"
}

control "scid_25" {
  title       = "Enable 'Local Security Authority (LSA) protection'"
  description = "The process that holds credentials only loads code signed by Microsoft."
  points      = 8
  exception   = "sca-_-scid-25"

  coverage "defender_endpoint.secure_configuration" {
    when_empty = "not_applicable"
    match      = { configurationId = "scid-25" }
  }
}

control "scid_69" {
  title       = "Disable 'Autoplay' for all drives"
  description = "Nothing starts by itself when a drive or disc is put in."
  points      = 8
  exception   = "sca-_-scid-69"

  coverage "defender_endpoint.secure_configuration" {
    when_empty = "not_applicable"
    match      = { configurationId = "scid-69" }
  }
}

control "scid_2090" {
  title       = "Encrypt all BitLocker-supported drives"
  description = "Every drive that BitLocker supports is encrypted, so that a stolen device gives nothing away."
  points      = 9
  exception   = "sca-_-scid-2090"

  coverage "defender_endpoint.secure_configuration" {
    when_empty = "not_applicable"
    match      = { configurationId = "scid-2090" }
  }
}

control "scid_5011" {
  title       = "Enable FileVault Disk Encryption in macOS"
  description = "The disk of a Mac is encrypted with FileVault."
  points      = 7
  exception   = "sca-_-scid-5011"

  coverage "defender_endpoint.secure_configuration" {
    when_empty = "not_applicable"
    match      = { configurationId = "scid-5011" }
  }
}

control "scid_2010" {
  title       = "Turn on Microsoft Defender Antivirus"
  description = "Microsoft Defender Antivirus is on."
  points      = 10
  exception   = "sca-_-scid-2010"

  coverage "defender_endpoint.secure_configuration" {
    when_empty = "not_applicable"
    match      = { configurationId = "scid-2010" }
  }
}

control "scid_2012" {
  title       = "Turn on real-time protection"
  description = "Files are scanned as they are opened or run."
  points      = 10
  exception   = "sca-_-scid-2012"

  coverage "defender_endpoint.secure_configuration" {
    when_empty = "not_applicable"
    match      = { configurationId = "scid-2012" }
  }
}

control "scid_2003" {
  title       = "Turn on Tamper Protection"
  description = "Settings of the antivirus can't be switched off by malware or by people on the device."
  points      = 8
  exception   = "sca-_-scid-2003"

  coverage "defender_endpoint.secure_configuration" {
    when_empty = "not_applicable"
    match      = { configurationId = "scid-2003" }
  }
}

control "scid_2011" {
  title       = "Update Microsoft Defender Antivirus definitions"
  description = "The antivirus knows the latest threats."
  points      = 9
  exception   = "sca-_-scid-2011"

  coverage "defender_endpoint.secure_configuration" {
    when_empty = "not_applicable"
    match      = { configurationId = "scid-2011" }
  }
}

control "scid_2016" {
  title       = "Enable cloud-delivered protection"
  description = "The antivirus asks the cloud about files that it doesn't know yet."
  points      = 8
  exception   = "sca-_-scid-2016"

  coverage "defender_endpoint.secure_configuration" {
    when_empty = "not_applicable"
    match      = { configurationId = "scid-2016" }
  }
}

control "scid_6090" {
  title       = "Turn on Microsoft Defender Antivirus real-time protection for Linux"
  description = "Files on Linux devices are scanned as they are opened or run."
  points      = 10
  exception   = "sca-_-scid-6090"

  coverage "defender_endpoint.secure_configuration" {
    when_empty = "not_applicable"
    match      = { configurationId = "scid-6090" }
  }
}

control "scid_2501" {
  title       = "Block all Office applications from creating child processes"
  description = "Office apps can't start other programs, which is how many malicious documents begin."
  points      = 9
  exception   = "sca-_-scid-2501"

  coverage "defender_endpoint.secure_configuration" {
    when_empty = "not_applicable"
    match      = { configurationId = "scid-2501" }
  }
}

control "scid_2509" {
  title       = "Block credential stealing from the Windows local security authority subsystem (lsass.exe)"
  description = "Programs can't read credentials out of the memory of the Windows security subsystem."
  points      = 9
  exception   = "sca-_-scid-2509"

  coverage "defender_endpoint.secure_configuration" {
    when_empty = "not_applicable"
    match      = { configurationId = "scid-2509" }
  }
}

control "scid_2070" {
  title       = "Turn on Microsoft Defender Firewall"
  description = "The firewall of Windows is on."
  points      = 10
  exception   = "sca-_-scid-2070"

  coverage "defender_endpoint.secure_configuration" {
    when_empty = "not_applicable"
    match      = { configurationId = "scid-2070" }
  }
}

control "scid_2073" {
  title       = "Secure Microsoft Defender Firewall public profile"
  description = "On public networks, the firewall lets nothing in that wasn't asked for."
  points      = 9
  exception   = "sca-_-scid-2073"

  coverage "defender_endpoint.secure_configuration" {
    when_empty = "not_applicable"
    match      = { configurationId = "scid-2073" }
  }
}

control "scid_5007" {
  title       = "Turn on Firewall in macOS"
  description = "The firewall of a Mac is on."
  points      = 10
  exception   = "sca-_-scid-5007"

  coverage "defender_endpoint.secure_configuration" {
    when_empty = "not_applicable"
    match      = { configurationId = "scid-5007" }
  }
}

control "scid_54" {
  title       = "Disable SMBv1 server"
  description = "Devices don't serve files over the first version of SMB, which has no protection worth the name."
  points      = 8
  exception   = "sca-_-scid-54"

  coverage "defender_endpoint.secure_configuration" {
    when_empty = "not_applicable"
    match      = { configurationId = "scid-54" }
  }
}

control "scid_96" {
  title       = "Enable 'Network Protection'"
  description = "Connections to addresses known to be malicious are blocked for every program."
  points      = 8
  exception   = "sca-_-scid-96"

  coverage "defender_endpoint.secure_configuration" {
    when_empty = "not_applicable"
    match      = { configurationId = "scid-96" }
  }
}

control "scid_72" {
  title       = "Set LAN Manager authentication level to 'Send NTLMv2 response only. Refuse LM & NTLM'"
  description = "Only the strongest of the old logon protocols, NTLMv2, is sent and accepted."
  points      = 8
  exception   = "sca-_-scid-72"

  coverage "defender_endpoint.secure_configuration" {
    when_empty = "not_applicable"
    match      = { configurationId = "scid-72" }
  }
}

control "scid_44" {
  title       = "Set 'Account lockout threshold' to 1-10 invalid login attempts"
  description = "An account is locked after at most 10 wrong passwords."
  points      = 6
  exception   = "sca-_-scid-44"

  coverage "defender_endpoint.secure_configuration" {
    when_empty = "not_applicable"
    match      = { configurationId = "scid-44" }
  }
}

control "scid_3011" {
  title       = "Disable the built-in Guest account"
  description = "Nobody can use the built-in guest account."
  points      = 8
  exception   = "sca-_-scid-3011"

  coverage "defender_endpoint.secure_configuration" {
    when_empty = "not_applicable"
    match      = { configurationId = "scid-3011" }
  }
}
