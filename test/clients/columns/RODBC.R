for (view in c("account_health", "scoreboard", "health_drivers_by_account", "health_models", "account_activity")) {
  frame <- sqlQuery(connection, paste("SELECT * FROM", view))
  for (name in names(frame)) cat(view, ".", name, " ", class(frame[[name]])[1], "\n", sep = "")
}
