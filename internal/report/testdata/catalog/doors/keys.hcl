control "Keys" {
  title    = "Count the keys"
  category = "infrastructure"
  product  = "doors"
  tier     = "core"
  stage    = "preview"

  attested {}
}
