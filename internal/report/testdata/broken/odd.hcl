control "Odd[2J" {
}
