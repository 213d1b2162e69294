product "doors" {
  title = "Doors of the house"
}

control "Locks" {
  title       = "Lock every door"
  category    = "infrastructure"
  product     = "doors"
  points      = 2.5
  tier        = "core"
  difficulty  = "low"
  user_impact = "high"
  threats     = ["account_breach", "data_exfiltration"]

  description = "A door that is not locked is open to everybody, and this text goes on for long enough to show that paragraphs are wrapped where a line ends."

  coverage "entra.users" {
    when_empty = "not_applicable"
    credit     = "all_or_nothing"
    match      = { userType = "Guest" }
    join "groups" {
      dataset = "entra.group_members"
      on      = "memberId"
      many    = true
    }
  }
  parameter "keys" {
    type    = list(string)
    default = ["front", "back"]
  }

  prerequisite {
    service_plans = ["DOORS_P1", "DOORS_P2"]
  }
  prerequisite {
    service_plans = ["HOUSE"]
  }
  prerequisite {
    control = "Doors"
  }

  user_impact_text = "People carry keys."
  implementation {
    manage_url = "https://doors.example"
    steps      = ["Buy locks.", "Put them into the doors, beginning with those that lead out of the house, and then go on to those that lead into the rooms."]
    learn_more = { "Locks" = "https://doors.example/locks" }
  }
  frameworks = { mitre_attack = ["T1078", "T1079"], house = ["7"] }
  source     = "House rules, chapter 7"
}

control "Doors" {
  title    = "Have doors"
  category = "infrastructure"
  product  = "doors"
  points   = 1
  tier     = "core"
  threats  = []

  coverage "entra.users" {
    when_empty = "full"
    match      = { userType = "Guest" }
    join "groups" {
      dataset = "entra.group_members"
      on      = "memberId"
      many    = true
    }
  }
  parameter "keys" {
    type    = list(string)
    default = []
  }

  implementation {
    steps = ["Build doors."]
  }
  source = "House rules, chapter 6"
}
