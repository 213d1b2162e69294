# Each control here is one setting that Microsoft Defender Vulnerability Management assesses on every device. The rule is the same for
# all of them: a new control is a new block with the configuration's id. Their statuses come from exceptions in the evidence, which name
# the recommendation. Those whose points are not published are previews.
defaults {
  category = "device"
  product  = "defender_endpoint"
  tier     = "core"
  threats  = []
  points   = 5

  match     = { configurationId = replace(control.id, "_", "-") }
  exception = "sca-_-${replace(control.id, "_", "-")}"

  coverage "defender_endpoint.secure_configuration" {
    when_empty = "not_applicable"
    fresh {
      field = "timestamp"
      days  = "stale_after_days"
    }
  }

  parameter "stale_after_days" {
    description = "A device that was not seen for more than so many days does not count."
    type        = number
    default     = 30
  }

  prerequisite { license = "defender_endpoint_p2" }

  implementation {
    manage_url = "https://security.microsoft.com/security-recommendations"
    steps = [
      "Open the recommendation in Microsoft Defender Vulnerability Management and look at the devices that are exposed.",
      "Follow its remediation options, with Intune, Group Policy or the management tool of the platform.",
      "Devices report again within a day; check that they no longer show as exposed.",
    ]
    learn_more = { "Security recommendations" = "https://learn.microsoft.com/defender-vulnerability-management/tvm-security-recommendation" }
  }

  source = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562, which leave tier, cost and threats open (core is this catalog's choice); license plan as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151; records as in MicrosoftDocs/defender-docs@049e8ea2:defender-endpoint/api/get-assessment-secure-config.md"
}

control "scid_9" {
  title       = "Enable 'Local Machine Zone Lockdown Security'"
  description = "Web pages opened from the device itself run under restrictions."
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_15" {
  title       = "Enable Automatic Updates"
  description = "Updates are installed automatically."
  frameworks  = { nist_csf = ["PR.PS-02"] }
}

control "scid_16" {
  title       = "Enable 'Hide Option to Enable or Disable Updates'"
  description = "People don't see the option that switches the updates of Office on and off."
  frameworks  = { nist_csf = ["PR.PS-02"] }
}

control "scid_17" {
  title       = "Disable 'Allow running plugins that are outdated'"
  description = "The browser doesn't run plug-ins that are out of date."
  points      = 8
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_19" {
  title       = "Disable 'Continue running background apps when Google Chrome is closed'"
  description = "Nothing of Google Chrome goes on running once its windows are closed."
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_20" {
  title       = "Disable 'AutoFill'"
  description = "The browser doesn't fill in forms with what was typed before."
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_21" {
  title       = "Block webpages from automatically running Flash plugins"
  description = "Web pages can't start Flash by themselves."
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_22" {
  title       = "Disable 'Password Manager'"
  description = "The browser doesn't keep passwords."
  frameworks  = { mitre_attack = ["T1555.003"], nist_csf = ["PR.PS-01"] }
}

control "scid_23" {
  title       = "Enable 'Block third party cookies'"
  description = "Sites can't set cookies in pages of other sites."
  points      = 2
  frameworks  = { mitre_attack = ["T1539"], nist_csf = ["PR.PS-01"] }
}

control "scid_24" {
  title       = "Set 'Remote Desktop security level' to 'TLS'"
  description = "Remote Desktop connections are protected by TLS."
  points      = 8
  frameworks  = { nist_csf = ["PR.DS-02"] }
}

control "scid_25" {
  title       = "Enable 'Local Security Authority (LSA) protection'"
  description = "The process that holds credentials only loads code signed by Microsoft."
  points      = 8
  frameworks  = { mitre_attack = ["T1003.001", "T1547.008"], nist_csf = ["PR.PS-01"] }
}

control "scid_26" {
  title       = "Enable 'Safe DLL Search Mode'"
  description = "Programs look for libraries in the folders of the system before the current folder."
  points      = 8
  frameworks  = { mitre_attack = ["T1574.001"], nist_csf = ["PR.PS-01"] }
}

control "scid_27" {
  title       = "Set User Account Control (UAC) to automatically deny elevation requests"
  description = "Requests for administrative rights are denied without asking for credentials."
  points      = 8
  frameworks  = { mitre_attack = ["T1574.005", "T1574.010"], nist_csf = ["PR.AA-05"] }
}

control "scid_28" {
  title       = "Set 'Interactive logon: Machine inactivity limit' to '1-900 seconds'"
  description = "A device locks itself after at most 15 minutes without activity."
  frameworks  = { nist_csf = ["PR.AA-03"] }
}

control "scid_29" {
  title       = "Disable 'Enumerate administrator accounts on elevation'"
  description = "Asking for administrative rights doesn't reveal who the administrators of the device are."
  points      = 8
  frameworks  = { mitre_attack = ["T1087.001", "T1087.002"], nist_csf = ["PR.PS-01"] }
}

control "scid_30" {
  title       = "Disable 'Insecure guest logons' in SMB"
  description = "Devices don't use file servers that let them in as guests, without a password."
  points      = 8
  frameworks  = { nist_csf = ["PR.AA-03"] }
}

control "scid_32" {
  title       = "Set 'Minimum password length' to '14 or more characters'"
  description = "Passwords have at least 14 characters."
  frameworks  = { mitre_attack = ["T1110"], nist_csf = ["PR.AA-01", "PR.AA-03"] }
}

control "scid_33" {
  title       = "Set 'Enforce password history' to '24 or more password(s)'"
  description = "None of the last 24 passwords can be used again."
  frameworks  = { nist_csf = ["PR.AA-01"] }
}

control "scid_34" {
  title       = "Set 'Maximum password age' to '60 or fewer days, but not 0'"
  description = "Passwords expire after at most 60 days."
  frameworks  = { nist_csf = ["PR.AA-01"] }
}

control "scid_35" {
  title       = "Set 'Minimum password age' to '1 or more day(s)'"
  description = "A new password is kept for at least a day, so that nobody gets back to the old one at once."
  frameworks  = { nist_csf = ["PR.AA-01"] }
}

control "scid_36" {
  title       = "Enable 'Domain member: Require strong (Windows 2000 or later) session key'"
  description = "The session key of a secure channel to a domain controller is a strong one."
  frameworks  = { nist_csf = ["PR.DS-02"] }
}

control "scid_37" {
  title       = "Enable 'Domain member: Digitally encrypt or sign secure channel data (always)'"
  description = "All traffic of the secure channel to a domain controller is encrypted or signed."
  frameworks  = { nist_csf = ["PR.DS-02"] }
}

control "scid_38" {
  title       = "Enable Set 'Domain member: Digitally encrypt secure channel data (when possible)'"
  description = "Traffic of the secure channel to a domain controller is encrypted wherever the controller can do it."
  frameworks  = { nist_csf = ["PR.DS-02"] }
}

control "scid_39" {
  title       = "Enable 'Domain member: Digitally sign secure channel data (when possible)'"
  description = "Traffic of the secure channel to a domain controller is signed wherever the controller can do it."
  frameworks  = { nist_csf = ["PR.DS-02"] }
}

control "scid_40" {
  title       = "Disable 'Domain member: Disable machine account password changes'"
  description = "Devices of a domain change the password of their own account regularly."
  points      = 2
  frameworks  = { nist_csf = ["PR.AA-01"] }
}

control "scid_41" {
  title       = "Set 'Account lockout duration' to 15 minutes or more"
  description = "A locked account stays locked for at least 15 minutes."
  points      = 6
  frameworks  = { mitre_attack = ["T1110"], nist_csf = ["PR.AA-01"] }
}

control "scid_42" {
  title       = "Set 'Reset account lockout counter after' to 15 minutes or more"
  description = "Wrong passwords are remembered for at least 15 minutes before counting starts anew."
  points      = 6
  frameworks  = { mitre_attack = ["T1110"], nist_csf = ["PR.AA-01"] }
}

control "scid_43" {
  title       = "Disable Microsoft Defender Firewall notifications when programs are blocked for Domain profile"
  description = "On domain networks, people aren't notified when the firewall blocks a program."
  points      = 2
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_44" {
  title       = "Set 'Account lockout threshold' to 1-10 invalid login attempts"
  description = "An account is locked after at most 10 wrong passwords."
  points      = 6
  frameworks  = { mitre_attack = ["T1110"], nist_csf = ["PR.AA-01"] }
}

control "scid_45" {
  title       = "Set user authentication for remote connections by using Network Level Authentication to 'Enabled'"
  description = "Remote Desktop asks who somebody is before it opens a session."
  frameworks  = { mitre_attack = ["T1546.008"], nist_csf = ["PR.AA-03"] }
}

control "scid_46" {
  title       = "Disable Microsoft Defender Firewall notifications when programs are blocked for Private profile"
  description = "On private networks, people aren't notified when the firewall blocks a program."
  points      = 2
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_49" {
  title       = "Disable Microsoft Defender Firewall notifications when programs are blocked for Public profile"
  description = "On public networks, people aren't notified when the firewall blocks a program."
  points      = 2
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_50" {
  title       = "Disable merging of local Microsoft Defender Firewall rules with group policy firewall rules for the Public profile"
  description = "On public networks, firewall rules made on the device itself don't count beside those of Group Policy."
  frameworks  = { nist_csf = ["PR.IR-01"] }
}

control "scid_51" {
  title       = "Disable merging of local Microsoft Defender Firewall connection rules with group policy firewall rules for the Public profile"
  description = "On public networks, connection security rules made on the device itself don't count beside those of Group Policy."
  frameworks  = { nist_csf = ["PR.IR-01"] }
}

control "scid_52" {
  title       = "Enable 'Apply UAC restrictions to local accounts on network logons'"
  description = "Local accounts that log on over the network don't get full administrative rights."
  frameworks  = { mitre_attack = ["T1550.002"], nist_csf = ["PR.AA-05"] }
}

control "scid_53" {
  title       = "Disable SMBv1 client driver"
  description = "Devices don't open files over the first version of SMB."
  points      = 8
  frameworks  = { nist_csf = ["PR.PS-01", "PR.PS-02"] }
}

control "scid_54" {
  title       = "Disable SMBv1 server"
  description = "Devices don't serve files over the first version of SMB, which has no protection worth the name."
  points      = 8
  frameworks  = { nist_csf = ["PR.PS-01", "PR.PS-02"] }
}

control "scid_55" {
  title       = "Disable 'Network access: Let Everyone permissions apply to anonymous users'"
  description = "What everyone may do is not thereby open to anonymous users."
  frameworks  = { nist_csf = ["PR.AA-05"] }
}

control "scid_57" {
  title       = "Disable 'WDigest Authentication'"
  description = "Windows keeps no readable passwords in memory for the sake of WDigest."
  frameworks  = { mitre_attack = ["T1003.001"], nist_csf = ["PR.PS-01"] }
}

control "scid_58" {
  title       = "Disable 'Installation and configuration of Network Bridge on your DNS domain network'"
  description = "People can't set up a network bridge while the device is on the network of its domain."
  frameworks  = { nist_csf = ["PR.IR-01"] }
}

control "scid_59" {
  title       = "Enable 'Require domain users to elevate when setting a network's location'"
  description = "Domain users need administrative rights to say whether a network is public or private."
  points      = 2
  frameworks  = { nist_csf = ["PR.AA-05"] }
}

control "scid_60" {
  title       = "Prohibit use of Internet Connection Sharing on your DNS domain network"
  description = "Devices don't share their internet connection while they are on the network of their domain."
  frameworks  = { nist_csf = ["PR.IR-01"] }
}

control "scid_61" {
  title       = "Set 'Minimum PIN length for startup' to '6 or more characters'"
  description = "A PIN that starts the device has at least 6 characters."
  frameworks  = { nist_csf = ["PR.AA-03", "PR.DS-01"] }
}

control "scid_62" {
  title       = "Enable 'Require additional authentication at startup'"
  description = "A device asks for additional authentication when it starts."
  points      = 8
  frameworks  = { nist_csf = ["PR.DS-01"] }
}

control "scid_63" {
  title       = "Disable 'Configure Offer Remote Assistance'"
  description = "Nobody can offer remote assistance to a device without being asked."
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_64" {
  title       = "Restrict anonymous access to named pipes and Shares"
  description = "Anonymous users can't reach named pipes and shares unless these are listed as exceptions."
  points      = 8
  frameworks  = { nist_csf = ["PR.AA-05"] }
}

control "scid_65" {
  title       = "Disable 'Store LAN Manager hash value on next password change'"
  description = "The weak LAN Manager hash of a password isn't stored when the password changes."
  points      = 8
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_66" {
  title       = "Disable 'Always install with elevated privileges'"
  description = "Windows Installer doesn't run packages with high rights for people who don't have them."
  points      = 8
  frameworks  = { mitre_attack = ["T1218.007"], nist_csf = ["PR.AA-05"] }
}

control "scid_67" {
  title       = "Disable 'Autoplay for non-volume devices'"
  description = "Nothing starts by itself when a device that isn't a drive, such as a camera, is connected."
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_68" {
  title       = "Disable 'Anonymous enumeration of SAM accounts'"
  description = "Anonymous users can't list the accounts of a device."
  points      = 8
  frameworks  = { nist_csf = ["PR.AA-05"] }
}

control "scid_69" {
  title       = "Disable 'Autoplay' for all drives"
  description = "Nothing starts by itself when a drive or disc is put in."
  points      = 8
  frameworks  = { mitre_attack = ["T1091", "T1092"], nist_csf = ["PR.PS-01"] }
}

control "scid_70" {
  title       = "Set default behavior for 'AutoRun' to 'Enabled: Do not execute any autorun commands'"
  description = "The autorun commands on drives and discs are never carried out."
  points      = 8
  frameworks  = { mitre_attack = ["T1091", "T1092"], nist_csf = ["PR.PS-01"] }
}

control "scid_71" {
  title       = "Enable 'Limit local account use of blank passwords to console logon only'"
  description = "A local account without a password can only be used at the device itself."
  frameworks  = { nist_csf = ["PR.AA-03"] }
}

control "scid_72" {
  title       = "Set LAN Manager authentication level to 'Send NTLMv2 response only. Refuse LM & NTLM'"
  description = "Only the strongest of the old logon protocols, NTLMv2, is sent and accepted."
  points      = 8
  frameworks  = { nist_csf = ["PR.AA-03"] }
}

control "scid_73" {
  title       = "Disable 'Allow Basic authentication' for WinRM Client"
  description = "The WinRM client doesn't use Basic authentication, which hands over the password itself."
  points      = 8
  frameworks  = { nist_csf = ["PR.AA-03", "PR.DS-02"] }
}

control "scid_74" {
  title       = "Disable 'Allow Basic authentication' for WinRM Service"
  description = "The WinRM service doesn't accept Basic authentication, in which it is given the password itself."
  points      = 8
  frameworks  = { nist_csf = ["PR.AA-03", "PR.DS-02"] }
}

control "scid_75" {
  title       = "Disable Flash on Adobe Reader DC"
  description = "Adobe Reader DC doesn't play Flash."
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_76" {
  title       = "Disable JavaScript on Adobe Reader DC"
  description = "Adobe Reader DC doesn't run JavaScript."
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_77" {
  title       = "Disable Flash on Adobe Acrobat Pro XI"
  description = "Adobe Acrobat Pro XI doesn't play Flash."
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_78" {
  title       = "Disable JavaScript on Adobe Acrobat Pro XI"
  description = "Adobe Acrobat Pro XI doesn't run JavaScript."
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_79" {
  title       = "Disable running or installing downloaded software with invalid signature"
  description = "Downloaded software whose signature is invalid neither runs nor gets installed."
  frameworks  = { nist_csf = ["PR.PS-05"] }
}

control "scid_80" {
  title       = "Block Flash activation in Office documents"
  description = "Office documents can't start Flash."
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_81" {
  title       = "Set IPv6 source routing to highest protection"
  description = "A sender can't choose the route that IPv6 packets take."
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_82" {
  title       = "Disable IP source routing"
  description = "A sender can't choose the route that IP packets take."
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_83" {
  title       = "Enable Explorer Data Execution Prevention (DEP)"
  description = "Explorer doesn't run code from memory that is meant for data."
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_85" {
  title       = "Block outdated ActiveX controls for Internet Explorer"
  description = "Internet Explorer doesn't run ActiveX controls that are out of date."
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_87" {
  title       = "Disable Solicited Remote Assistance"
  description = "People can't ask others for remote assistance on their device."
  points      = 8
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_88" {
  title       = "Disable Anonymous enumeration of shares"
  description = "Anonymous users can't list the shares of a device."
  points      = 8
  frameworks  = { mitre_attack = ["T1135"], nist_csf = ["PR.AA-05"] }
}

control "scid_89" {
  title       = "Enable scanning of removable drives during a full scan"
  description = "A full scan includes the removable drives that are connected."
  points      = 8
  frameworks  = { nist_csf = ["DE.CM-09"] }
}

control "scid_90" {
  title       = "Enable Microsoft Defender Antivirus email scanning"
  description = "Microsoft Defender Antivirus scans mail."
  points      = 9
  frameworks  = { mitre_attack = ["T1566.001"], nist_csf = ["DE.CM-09"] }
}

control "scid_91" {
  title       = "Enable Microsoft Defender Antivirus real-time behavior monitoring"
  description = "Microsoft Defender Antivirus watches what programs do as they run."
  frameworks  = { nist_csf = ["DE.CM-09"] }
}

control "scid_92" {
  title       = "Enable Microsoft Defender Antivirus scanning of downloaded files and attachments"
  description = "Microsoft Defender Antivirus scans everything that is downloaded, attachments included."
  points      = 10
  frameworks  = { mitre_attack = ["T1566.001"], nist_csf = ["DE.CM-09"] }
}

control "scid_93" {
  title       = "Disable the local storage of passwords and credentials"
  description = "The device doesn't store passwords and credentials for other places on the network."
  frameworks  = { mitre_attack = ["T1555.004"], nist_csf = ["PR.PS-01"] }
}

control "scid_94" {
  title       = "Disable sending unencrypted password to third-party SMB servers"
  description = "Passwords aren't sent in readable form to SMB servers of other makers."
  frameworks  = { nist_csf = ["PR.DS-02"] }
}

control "scid_95" {
  title       = "Enable 'Microsoft network client: Digitally sign communications (always)'"
  description = "Devices use file servers only if all traffic is signed."
  frameworks  = { mitre_attack = ["T1557.001"], nist_csf = ["PR.DS-02"] }
}

control "scid_96" {
  title       = "Enable 'Network Protection'"
  description = "Connections to addresses known to be malicious are blocked for every program."
  points      = 8
  frameworks  = { nist_csf = ["PR.IR-01"] }
}

control "scid_97" {
  title       = "Disable JavaScript on Adobe DC"
  description = "Adobe DC doesn't run JavaScript."
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_98" {
  title       = "Disable JavaScript on Adobe Reader 2017"
  description = "Adobe Reader 2017 doesn't run JavaScript."
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_99" {
  title       = "Disable JavaScript on Adobe Acrobat 2017"
  description = "Adobe Acrobat 2017 doesn't run JavaScript."
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_100" {
  title       = "Disable JavaScript on Adobe Reader 2015"
  description = "Adobe Reader 2015 doesn't run JavaScript."
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_101" {
  title       = "Disable JavaScript on Adobe 2015"
  description = "Adobe 2015 doesn't run JavaScript."
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_102" {
  title       = "Enable 'Local Security Authority (LSA) protection' on Windows 11 22h2 and higher"
  description = "On Windows 11 22H2 and later, other programs can't read or change the process that holds the credentials."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { mitre_attack = ["T1003.001", "T1547.008"], nist_csf = ["PR.PS-01"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_103" {
  title       = "Require LDAP client signing to prevent tampering and protect directory authentication"
  description = "What a device asks of the directory over LDAP is signed, so nobody can change it on the way."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { nist_csf = ["PR.DS-02"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_104" {
  title       = "Encrypt LDAP client traffic to protect sensitive data in transit"
  description = "What a device asks of the directory over LDAP is encrypted, so nobody can read it on the way."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { nist_csf = ["PR.DS-02"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_105" {
  title       = "Enforce LDAP channel binding to protect authentication sessions from interception"
  description = "A sign-in to the directory over LDAP holds for its own TLS channel and can't be relayed into another."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { nist_csf = ["PR.AA-03"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_106" {
  title       = "Require LDAP server signing to ensure integrity of directory traffic"
  description = "A directory server refuses LDAP traffic that is not signed."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { nist_csf = ["PR.DS-02"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_107" {
  title       = "Block outbound network connections from Microsoft HTML Application Host (mshta.exe)"
  description = "HTML applications, which run scripts outside of the browser, can't reach the network."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { nist_csf = ["PR.IR-01"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_108" {
  title       = "Disable Remote Registry Service on Windows"
  description = "Nobody can read or change the registry of a device from afar."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { nist_csf = ["PR.PS-01"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_109" {
  title       = "Disable NTLM authentication for Windows"
  description = "Devices don't sign in by NTLM, whose answers can be relayed and cracked."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { mitre_attack = ["T1003.001", "T1003.002"], nist_csf = ["PR.AA-03"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_110" {
  title       = "Block file transfer over RDP"
  description = "A remote desktop session has no access to the drives of the device that it was opened from."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { nist_csf = ["PR.PS-01"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_111" {
  title       = "SMB server security hardening against authentication relay attacks"
  description = "A file server refuses sign-ins that were relayed from another connection."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { nist_csf = ["PR.AA-03"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_112" {
  title       = "Ensure devices are updated to Secure Boot 2023 certificates and boot manager"
  description = "Devices trust the Secure Boot certificates of 2023 and start by the boot manager that is signed with them, before those of 2011 expire."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { nist_csf = ["PR.PS-02"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_113" {
  title       = "Ensure LAPS is enabled on every endpoint and server"
  description = "The local administrator of every device has a password of its own, which changes by itself."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { mitre_attack = ["T1078.003"], nist_csf = ["PR.AA-01"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_114" {
  title       = "Reduce unnecessary inbound internet exposure on internet-facing devices"
  description = "Devices that the internet can reach answer there only where they have to."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { mitre_attack = ["T1133", "T1190"], nist_csf = ["PR.IR-01"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_115" {
  title       = "Ensure Microsoft Vulnerable Driver Blocklist is enabled"
  description = "Windows doesn't load drivers that are known to be vulnerable."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { mitre_attack = ["T1068", "T1543.003"], nist_csf = ["PR.PS-05"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_118" {
  title       = "scid_118"
  description = "A configuration that Secure Score lists under its id alone: what it asks for is not published."
  confidence  = "low"
  stage       = "preview"
  reason      = "its points are not published"

  source = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_2000" {
  title       = "Turn on Microsoft Defender for Endpoint sensor"
  description = "The sensor of Microsoft Defender for Endpoint is on."
  points      = 10
  frameworks  = { nist_csf = ["DE.CM-09"] }
}

control "scid_2001" {
  title       = "Fix Microsoft Defender for Endpoint sensor data collection"
  description = "The sensor of Microsoft Defender for Endpoint collects all the data that it should."
  points      = 10
  frameworks  = { nist_csf = ["DE.CM-09"] }
}

control "scid_2002" {
  title       = "Fix Microsoft Defender for Endpoint impaired communications"
  description = "Devices and the service of Microsoft Defender for Endpoint reach each other without trouble."
  points      = 10
  frameworks  = { nist_csf = ["DE.CM-09"] }
}

control "scid_2003" {
  title       = "Turn on Tamper Protection"
  description = "Settings of the antivirus can't be switched off by malware or by people on the device."
  points      = 8
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_2004" {
  title       = "Enable EDR in block mode"
  description = "What the sensor finds to be malicious is blocked, even where the antivirus is another product."
  points      = 8
  frameworks  = { nist_csf = ["DE.CM-09", "PR.PS-05"] }
}

control "scid_2010" {
  title       = "Turn on Microsoft Defender Antivirus"
  description = "Microsoft Defender Antivirus is on."
  points      = 10
  frameworks  = { nist_csf = ["DE.CM-09"] }
}

control "scid_2011" {
  title       = "Update Microsoft Defender Antivirus definitions"
  description = "The antivirus knows the latest threats."
  points      = 9
  frameworks  = { nist_csf = ["PR.PS-02"] }
}

control "scid_2012" {
  title       = "Turn on real-time protection"
  description = "Files are scanned as they are opened or run."
  points      = 10
  frameworks  = { nist_csf = ["DE.CM-09"] }
}

control "scid_2013" {
  title       = "Turn on PUA protection in block mode"
  description = "Potentially unwanted applications are blocked."
  points      = 9
  frameworks  = { nist_csf = ["PR.PS-05"] }
}

control "scid_2014" {
  title       = "Fix Windows Defender Antivirus cloud service connectivity"
  description = "The antivirus reaches its service in the cloud."
  points      = 8
  frameworks  = { nist_csf = ["DE.CM-09"] }
}

control "scid_2016" {
  title       = "Enable cloud-delivered protection"
  description = "The antivirus asks the cloud about files that it doesn't know yet."
  points      = 8
  frameworks  = { mitre_attack = ["T1486"], nist_csf = ["DE.CM-09"] }
}

control "scid_2020" {
  title       = "Turn on all system-level Exploit protection settings"
  description = "All mitigations of exploits that Windows can apply to the whole system are on."
  points      = 8
  frameworks  = { mitre_attack = ["T1068", "T1203"], nist_csf = ["PR.PS-01"] }
}

control "scid_2021" {
  title       = "Set controlled folder access to enabled or audit mode"
  description = "Changes to protected folders by programs that aren't trusted are blocked, or at least recorded."
  points      = 8
  frameworks  = { nist_csf = ["PR.DS-01"] }
}

control "scid_2030" {
  title       = "Update Microsoft Defender for Endpoint core components"
  description = "The core components of Microsoft Defender for Endpoint are up to date."
  points      = 10
  frameworks  = { nist_csf = ["PR.PS-02"] }
}

control "scid_2060" {
  title       = "Set Microsoft Defender SmartScreen app and file checking to block or warn"
  description = "SmartScreen blocks apps and files that it doesn't trust, or warns of them."
  points      = 9
  frameworks  = { nist_csf = ["PR.PS-05"] }
}

control "scid_2061" {
  title       = "Set Microsoft Defender SmartScreen Microsoft Edge site and download checking to block or warn"
  description = "SmartScreen blocks sites and downloads in Microsoft Edge that it doesn't trust, or warns of them."
  points      = 9
  frameworks  = { nist_csf = ["PR.PS-05"] }
}

control "scid_2070" {
  title       = "Turn on Microsoft Defender Firewall"
  description = "The firewall of Windows is on."
  points      = 10
  frameworks  = { nist_csf = ["PR.IR-01"] }
}

control "scid_2071" {
  title       = "Secure Microsoft Defender Firewall domain profile"
  description = "On domain networks, the firewall lets nothing in that wasn't asked for."
  points      = 9
  frameworks  = { nist_csf = ["PR.IR-01"] }
}

control "scid_2072" {
  title       = "Secure Microsoft Defender firewall private profile"
  description = "On private networks, the firewall lets nothing in that wasn't asked for."
  points      = 9
  frameworks  = { nist_csf = ["PR.IR-01"] }
}

control "scid_2073" {
  title       = "Secure Microsoft Defender Firewall public profile"
  description = "On public networks, the firewall lets nothing in that wasn't asked for."
  points      = 9
  frameworks  = { nist_csf = ["PR.IR-01"] }
}

control "scid_2080" {
  title       = "Turn on Microsoft Defender Credential Guard"
  description = "Credentials are kept where the rest of Windows can't read them, by means of virtualization."
  points      = 8
  frameworks  = { mitre_attack = ["T1003.001", "T1547.008"], nist_csf = ["PR.PS-01"] }
}

control "scid_2090" {
  title       = "Encrypt all BitLocker-supported drives"
  description = "Every drive that BitLocker supports is encrypted, so that a stolen device gives nothing away."
  points      = 9
  frameworks  = { nist_csf = ["PR.DS-01"] }
}

control "scid_2091" {
  title       = "Resume BitLocker protection on all drives"
  description = "BitLocker's protection isn't suspended on any drive."
  points      = 9
  frameworks  = { nist_csf = ["PR.DS-01"] }
}

control "scid_2093" {
  title       = "Ensure BitLocker drive compatibility"
  description = "Drives meet what BitLocker needs to encrypt them."
  points      = 8
  frameworks  = { nist_csf = ["PR.DS-01"] }
}

control "scid_2100" {
  title       = "Enable UEFI Secure Boot mode"
  description = "A device starts only what a trusted key has signed."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { mitre_attack = ["T1542.003", "T1546.010"], nist_csf = ["PR.PS-05"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_2500" {
  title       = "Block executable content from email client and webmail"
  description = "Programs and scripts that arrive by mail, in a client or a browser, can't run."
  points      = 9
  frameworks  = { mitre_attack = ["T1204.002", "T1566.001"], nist_csf = ["PR.PS-05"] }
}

control "scid_2501" {
  title       = "Block all Office applications from creating child processes"
  description = "Office apps can't start other programs, which is how many malicious documents begin."
  points      = 9
  frameworks  = { mitre_attack = ["T1137", "T1559.002"], nist_csf = ["PR.PS-05"] }
}

control "scid_2502" {
  title       = "Block Office applications from creating executable content"
  description = "Office apps can't write programs to the disk."
  points      = 9
  frameworks  = { mitre_attack = ["T1137"], nist_csf = ["PR.PS-05"] }
}

control "scid_2503" {
  title       = "Block Office applications from injecting code into other processes"
  description = "Office apps can't put code into other running programs."
  points      = 9
  frameworks  = { mitre_attack = ["T1055"], nist_csf = ["PR.PS-01"] }
}

control "scid_2504" {
  title       = "Block JavaScript or VBScript from launching downloaded executable content"
  description = "JavaScript and VBScript can't start programs that were downloaded."
  points      = 9
  frameworks  = { mitre_attack = ["T1059.005", "T1059.007"], nist_csf = ["PR.PS-05"] }
}

control "scid_2505" {
  title       = "Block execution of potentially obfuscated scripts"
  description = "Scripts that seem to hide what they do can't run."
  points      = 9
  frameworks  = { mitre_attack = ["T1027"], nist_csf = ["PR.PS-05"] }
}

control "scid_2506" {
  title       = "Block Win32 API calls from Office macros"
  description = "Macros in Office documents can't call the functions of Windows itself."
  points      = 9
  frameworks  = { mitre_attack = ["T1106"], nist_csf = ["PR.PS-01"] }
}

control "scid_2507" {
  title       = "Block executable files from running unless they meet a prevalence, age, or trusted list criterion"
  description = "Programs only run if they are common enough, old enough or on a trusted list."
  points      = 9
  frameworks  = { mitre_attack = ["T1204.002"], nist_csf = ["PR.PS-05"] }
}

control "scid_2508" {
  title       = "Use advanced protection against ransomware"
  description = "Programs that look like ransomware can't run unless they are known to be good."
  points      = 9
  frameworks  = { mitre_attack = ["T1486"], nist_csf = ["PR.PS-05"] }
}

control "scid_2509" {
  title       = "Block credential stealing from the Windows local security authority subsystem (lsass.exe)"
  description = "Programs can't read credentials out of the memory of the Windows security subsystem."
  points      = 9
  frameworks  = { mitre_attack = ["T1003.001"], nist_csf = ["PR.PS-01"] }
}

control "scid_2510" {
  title       = "Block process creations originating from PSExec and WMI commands"
  description = "PsExec and WMI can't start programs."
  points      = 9
  frameworks  = { mitre_attack = ["T1047", "T1569.002"], nist_csf = ["PR.PS-05"] }
}

control "scid_2511" {
  title       = "Block untrusted and unsigned processes that run from USB"
  description = "Programs that are unsigned or not trusted can't run from USB drives."
  points      = 9
  frameworks  = { mitre_attack = ["T1091"], nist_csf = ["PR.PS-05"] }
}

control "scid_2512" {
  title       = "Block Office communication application from creating child processes"
  description = "Outlook can't start other programs."
  points      = 9
  frameworks  = { mitre_attack = ["T1137.003", "T1137.005"], nist_csf = ["PR.PS-05"] }
}

control "scid_2513" {
  title       = "Block Adobe Reader from creating child processes"
  description = "Adobe Reader can't start other programs."
  points      = 9
  frameworks  = { nist_csf = ["PR.PS-05"] }
}

control "scid_2514" {
  title       = "Block persistence through WMI event subscription"
  description = "Malware can't use WMI event subscriptions to come back."
  points      = 9
  frameworks  = { mitre_attack = ["T1546.003"], nist_csf = ["PR.PS-01"] }
}

control "scid_2515" {
  title       = "Block abuse of exploited vulnerable signed drivers"
  description = "Programs can't put signed drivers with known weaknesses on the device."
  points      = 9
  frameworks  = { mitre_attack = ["T1068", "T1543.003"], nist_csf = ["PR.PS-05"] }
}

control "scid_2516" {
  title       = "Block Webshell creation for Servers"
  description = "Servers can't be made to write scripts that obey commands from the web (attack surface reduction rule a8f5898e-1dc8-49a9-9878-85004b8a61e6, set to block)."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { nist_csf = ["PR.PS-05"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_2517" {
  title       = "Block use of copied or impersonated system tools"
  description = "Copies of the tools of Windows, and programs that pose as them, don't run (attack surface reduction rule c0033c00-d16d-4114-a5a0-dc9b3a7d2ceb, set to block)."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { nist_csf = ["PR.PS-05"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_2518" {
  title       = "Block rebooting machine in Safe Mode"
  description = "Commands can't restart a device in Safe Mode, where much of its protection is off (attack surface reduction rule 33ddedf1-c6e0-47cb-833e-de6133960387, set to block)."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { mitre_attack = ["T1688"], nist_csf = ["PR.PS-01"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_3001" {
  title       = "Fix unquoted service path for Windows services"
  description = "The paths of services are in quotes, so that Windows can't start another program in their place."
  points      = 8
  frameworks  = { mitre_attack = ["T1574.009"], nist_csf = ["PR.PS-01"] }
}

control "scid_3002" {
  title       = "Change service executable path to a common protected location"
  description = "Services start from usual folders that ordinary users can't change."
  points      = 8
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_3003" {
  title       = "Change service account to avoid cached password in windows registry"
  description = "No service runs under an account whose password Windows keeps in the registry."
  points      = 8
  frameworks  = { mitre_attack = ["T1003.004"], nist_csf = ["PR.AA-01"] }
}

control "scid_3010" {
  title       = "Disable the built-in Administrator account"
  description = "Nobody can use the built-in administrator account."
  points      = 8
  frameworks  = { nist_csf = ["PR.AA-01"] }
}

control "scid_3011" {
  title       = "Disable the built-in Guest account"
  description = "Nobody can use the built-in guest account."
  points      = 8
  frameworks  = { nist_csf = ["PR.AA-01"] }
}

control "scid_4000" {
  title       = "Disallow offline access to shares"
  description = "Files on shares can't be kept for use offline."
  points      = 8
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_4001" {
  title       = "Remove share write permission set to ‘Everyone’"
  description = "No share lets everyone write to it."
  points      = 8
  frameworks  = { mitre_attack = ["T1080"], nist_csf = ["PR.AA-05"] }
}

control "scid_4002" {
  title       = "Remove shares from the root folder"
  description = "No share is in the root folder."
  points      = 8
  frameworks  = { nist_csf = ["PR.AA-05"] }
}

control "scid_4003" {
  title       = "Set folder access-based enumeration for shares"
  description = "Shares only show people the files and folders that they may open."
  points      = 8
  frameworks  = { nist_csf = ["PR.AA-05"] }
}

control "scid_5001" {
  title       = "Fix Microsoft Defender for Endpoint sensor data collection in macOS"
  description = "The sensor of Microsoft Defender for Endpoint collects all the data that it should on Macs."
  points      = 10
  frameworks  = { nist_csf = ["DE.CM-09"] }
}

control "scid_5002" {
  title       = "Fix Microsoft Defender for Endpoint impaired communications in macOS"
  description = "Macs and the service of Microsoft Defender for Endpoint reach each other without trouble."
  points      = 10
  frameworks  = { nist_csf = ["DE.CM-09"] }
}

control "scid_5003" {
  title       = "Set minimum password length to 15 or more characters in macOS"
  description = "Passwords on a Mac have at least 15 characters."
  points      = 6
  frameworks  = { mitre_attack = ["T1110"], nist_csf = ["PR.AA-01", "PR.AA-03"] }
}

control "scid_5004" {
  title       = "Set 'Enforce password history' to '24 or more password(s)' in macOS"
  description = "None of the last 24 passwords can be used again on a Mac."
  frameworks  = { nist_csf = ["PR.AA-01"] }
}

control "scid_5005" {
  title       = "Set 'Maximum password age' to '90 or fewer days, but not 0' in macOS"
  description = "Passwords on a Mac expire after at most 90 days."
  frameworks  = { nist_csf = ["PR.AA-01"] }
}

control "scid_5006" {
  title       = "Set account lockout threshold to 5 or lower in macOS"
  description = "An account on a Mac is locked after at most 5 wrong passwords."
  points      = 7
  frameworks  = { mitre_attack = ["T1110"], nist_csf = ["PR.AA-01"] }
}

control "scid_5007" {
  title       = "Turn on Firewall in macOS"
  description = "The firewall of a Mac is on."
  points      = 10
  frameworks  = { nist_csf = ["PR.IR-01"] }
}

control "scid_5009" {
  title       = "Enable Gatekeeper in macOS"
  description = "Gatekeeper checks downloaded apps before a Mac opens them."
  points      = 8
  frameworks  = { nist_csf = ["PR.PS-05"] }
}

control "scid_5010" {
  title       = "Enable System Integrity Protection (SIP) in macOS"
  description = "Not even an administrator can change the protected parts of the system of a Mac."
  points      = 7
  frameworks  = { mitre_attack = ["T1574.006"], nist_csf = ["PR.PS-01"] }
}

control "scid_5011" {
  title       = "Enable FileVault Disk Encryption in macOS"
  description = "The disk of a Mac is encrypted with FileVault."
  points      = 7
  frameworks  = { nist_csf = ["PR.DS-01"] }
}

control "scid_5013" {
  title       = "Ensure screensaver is set to start in 20 minutes or less in macOS"
  description = "The screen saver of a Mac starts after at most 20 minutes."
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "scid_5014" {
  title       = "Secure Home Folders in macOS"
  description = "People on a Mac can't look into each other's home folders."
  points      = 6
  frameworks  = { nist_csf = ["PR.AA-05"] }
}

control "scid_5090" {
  title       = "Turn on Microsoft Defender Antivirus real-time protection in macOS"
  description = "Files on Macs are scanned as they are opened or run."
  points      = 10
  frameworks  = { nist_csf = ["DE.CM-09"] }
}

control "scid_5091" {
  title       = "Turn on Microsoft Defender Antivirus PUA protection in block mode in macOS"
  description = "Potentially unwanted applications are blocked on Macs."
  points      = 9
  frameworks  = { nist_csf = ["PR.PS-05"] }
}

control "scid_5092" {
  title       = "Turn on Tamper Protection for MacOS"
  description = "On macOS, nobody can switch Microsoft Defender off or remove it without leave."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { nist_csf = ["PR.PS-01"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_5093" {
  title       = "Enable Microsoft Defender Antivirus real-time behavior monitoring in macOS"
  description = "On macOS, the antivirus watches what programs do while they run."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { nist_csf = ["DE.CM-09"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_5094" {
  title       = "Enable Microsoft Defender Antivirus cloud-delivered protection in macOS"
  description = "The antivirus on Macs asks the cloud about files that it doesn't know yet."
  points      = 8
  frameworks  = { nist_csf = ["DE.CM-09"] }
}

control "scid_5095" {
  title       = "Update Microsoft Defender Antivirus definitions in macOS"
  description = "The antivirus on Macs knows the latest threats."
  points      = 9
  frameworks  = { nist_csf = ["PR.PS-02"] }
}

control "scid_5115" {
  title       = "Configure Microsoft Defender system extensions as non-removable on macOS"
  description = "On macOS, people can't remove the system extensions that Microsoft Defender works by."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { nist_csf = ["PR.PS-01"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_6001" {
  title       = "Fix Microsoft Defender for Endpoint sensor data collection for Linux"
  description = "The sensor of Microsoft Defender for Endpoint collects all the data that it should on Linux devices."
  points      = 10
  frameworks  = { nist_csf = ["DE.CM-09"] }
}

control "scid_6002" {
  title       = "Fix Microsoft Defender for Endpoint impaired communications for Linux"
  description = "Linux devices and the service of Microsoft Defender for Endpoint reach each other without trouble."
  points      = 10
  frameworks  = { nist_csf = ["DE.CM-09"] }
}

control "scid_6014" {
  title       = "Unrestricted Access Accounts for Linux"
  description = "Linux devices have no accounts with unrestricted access."
  points      = 6
  frameworks  = { nist_csf = ["PR.AA-05"] }
}

control "scid_6090" {
  title       = "Turn on Microsoft Defender Antivirus real-time protection for Linux"
  description = "Files on Linux devices are scanned as they are opened or run."
  points      = 10
  frameworks  = { nist_csf = ["DE.CM-09"] }
}

control "scid_6091" {
  title       = "Turn on Microsoft Defender Antivirus PUA protection in block mode for Linux"
  description = "Potentially unwanted applications are blocked on Linux devices."
  points      = 9
  frameworks  = { nist_csf = ["PR.PS-05"] }
}

control "scid_6092" {
  title       = "Turn on Microsoft Defender Antivirus Tamper Protection for Linux"
  description = "On Linux, nobody can switch Microsoft Defender off or remove it without leave."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { nist_csf = ["PR.PS-01"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_6093" {
  title       = "Enable Microsoft Defender Antivirus real-time behavior monitoring for Linux"
  description = "On Linux, the antivirus watches what programs do while they run."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { nist_csf = ["DE.CM-09"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_6094" {
  title       = "Enable Microsoft Defender Antivirus cloud-delivered protection for Linux"
  description = "The antivirus on Linux devices asks the cloud about files that it doesn't know yet."
  points      = 8
  frameworks  = { nist_csf = ["DE.CM-09"] }
}

control "scid_6095" {
  title       = "Update Microsoft Defender Antivirus definitions for Linux"
  description = "The antivirus on Linux devices knows the latest threats."
  points      = 9
  frameworks  = { nist_csf = ["PR.PS-02"] }
}

control "scid_6100" {
  title       = "Enable 'Microsoft Defender for Endpoint Plug-in for WSL'"
  description = "What happens within the Windows Subsystem for Linux is reported to Defender for Endpoint."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { nist_csf = ["DE.CM-09"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_6101" {
  title       = "Turn off custom kernel/commandline in Windows Subsystem for Linux"
  description = "The Windows Subsystem for Linux runs the kernel that comes with it, started as it comes."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { nist_csf = ["PR.PS-01"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_10000" {
  title       = "Disable insecure administration protocol - Telnet"
  description = "Devices of the network are not administered over Telnet, which encrypts nothing."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { nist_csf = ["PR.DS-02"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_10001" {
  title       = "Require authentication for Telnet management interface"
  description = "Whoever administers a device of the network over Telnet has to sign in."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { nist_csf = ["PR.AA-03"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_10002" {
  title       = "Remove insecure administration protocols SNMP V1 and SNMP V2"
  description = "Devices of the network don't answer to the versions of SNMP that send their password in clear text."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { mitre_attack = ["T1602.001", "T1602.002"], nist_csf = ["PR.DS-02"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_10003" {
  title       = "Require authentication for VNC management interface"
  description = "Whoever administers a device of the network over VNC has to sign in."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { nist_csf = ["PR.AA-03"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}

control "scid_20000" {
  title       = "Onboard devices to Microsoft Defender for Endpoint"
  description = "Every device that can be onboarded reports to Defender for Endpoint."
  stage       = "preview"
  reason      = "its points are not published"

  frameworks = { nist_csf = ["DE.CM-09"] }
  source     = "Recommendations of Defender Vulnerability Management as listed in EmrErbulmus/SecureScoreLens@d14f848c:docs/remediation-coverage-v3.2.md, without points"
}
