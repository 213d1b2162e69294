# Controls that Secure Score has no longer: they are kept so that older scores can be read, and are evaluated no more.
defaults {
  category = "apps"
  product  = "intune"
  points   = 3
  tier     = "core"
  threats  = ["account_breach"]
  stage    = "deprecated"
  reason   = "it is absent from exports of Secure Score since 2025"
  source   = "Secure Score control profiles as exported in mitre/heimdall2@2e4a8bec in 2024; absent from those of mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b"
}

control "intune_AV_firewall_enabled" {
  title       = "Ensure that devices connecting have AV and a local firewall enabled"
  description = "Compliance policies for Windows and macOS ask for an antivirus and a local firewall."
}

control "intune_conection_from_jail_broken_rooted_devices" {
  title       = "Ensure that users cannot connect from devices that are jail broken or rooted"
  description = "Compliance policies for iOS and Android refuse devices that are jailbroken or rooted."
}

control "intune_mobile_advanced_security_configuration" {
  title       = "Ensure mobile device management policies are set to require advanced security configurations"
  description = "There is a configuration profile for iOS or Android."
}

control "intune_mobile_complex_password_alphanumeric" {
  title       = "Ensure that mobile devices require complex passwords (Type = Alphanumeric)"
  description = "Passwords of mobile devices have letters and digits."
}

control "intune_mobile_complex_password_simple_password_blocked" {
  title       = "Ensure that mobile devices require complex passwords (Simple Passwords = Blocked)"
  description = "Passwords of devices can't be as simple as 1234."
}

control "intune_mobile_device_encryption" {
  title       = "Ensure that mobile device encryption is enabled to prevent unauthorized access to mobile data"
  description = "What mobile devices store is encrypted."
}

control "intune_mobile_device_lock_after_inactivity" {
  title       = "Ensure devices lock after a period of inactivity to prevent unauthorized access"
  description = "Devices that nobody uses lock themselves."
}

control "intune_mobile_email_profiles_requirement" {
  title       = "Ensure mobile device management policies are required for email profiles - iOS/iPadOS only"
  description = "Devices with iOS or iPadOS read mail through a managed profile."
}

control "intune_mobile_minimum_password_length" {
  title       = "Ensure that mobile devices require a minimum password length to prevent brute force attacks"
  description = "Passwords of mobile devices have at least six characters."
}

control "intune_mobile_never_expires_password" {
  title       = "Ensure that mobile devices are set to never expire passwords"
  description = "Passwords of mobile devices don't expire."
}

control "intune_mobile_password_requirement" {
  title       = "Ensure mobile devices require the use of a password"
  description = "Mobile devices ask for a password."
}

control "intune_mobile_password_reused_prohibited" {
  title       = "Ensure that mobile device password reuse is prohibited"
  description = "Mobile devices refuse the five passwords of before."
}

control "intune_wipe_on_multiple_signin_failures" {
  title       = "Ensure mobile devices are set to wipe on multiple sign-in failures to prevent brute force compromise"
  description = "Mobile devices are wiped after ten wrong passwords."
}
