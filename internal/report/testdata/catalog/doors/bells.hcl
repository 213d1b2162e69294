control "Bells" {
  title       = "Hang a bell on every door"
  category    = "infrastructure"
  product     = "doors"
  tier        = "core"
  stage       = "deprecated"
  replaced_by = "Locks"
  reason      = "bells keep nobody out"
}
