control "PeopleAddressDomains" {
  use     = "person"
  title   = "Receive mail at domains of the company alone"
  threats = ["spoofing"]

  parameter "domains" {
    type        = list(string)
    default     = ["contoso.example", "mail.contoso.example", "fabrikam.example", "contoso.onmicrosoft.example"]
    description = "Domains of the company."
  }

  implementation { steps = ["Remove the other addresses."] }
}
