product "mail" {
  title         = "Mail"
  service_plans = ["EXCHANGE_S_STANDARD"]
}
product "directory" {
  title = "Directory"
}
