product "synthetic" {
  title = "Synthetic tenant"
}
