for (String view : List.of("account_health", "scoreboard", "health_drivers_by_account", "health_models", "account_activity")) {
  Map<String, String> kinds = new LinkedHashMap<>();
  ResultSet rows = connection.createStatement().executeQuery("SELECT * FROM " + view);
  ResultSetMetaData columns = rows.getMetaData();
  while (rows.next()) {
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      Object value = rows.getObject(i);
      String said = columns.getColumnClassName(i), kind = value == null ? said : value.getClass().getName();
      if (value != null || !kinds.containsKey(columns.getColumnName(i))) kinds.put(columns.getColumnName(i), kind);
    }
  }
  kinds.forEach((name, kind) -> System.out.println(view + "." + name + " " + kind.replaceAll(".*[.]", "")));
}
