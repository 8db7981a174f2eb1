const kind = value => {
  if (value === undefined) return 'NULL'
  if (Array.isArray(value)) return 'array'
  return value instanceof Date ? 'Date' : typeof value
}
const views = ['account_health', 'scoreboard', 'health_drivers_by_account', 'health_models', 'account_activity']
for (const view of views) {
  const rows = await sql`SELECT * FROM ${sql(view)}`
  for (const { name } of rows.columns) {
    console.log(`${view}.${name}`, kind(rows.map(row => row[name]).find(value => value !== null)))
  }
}
