for view in ('account_health', 'scoreboard', 'health_drivers_by_account', 'health_models', 'account_activity'):
    statement = await connection.prepare(f'SELECT * FROM {view}')
    rows = await statement.fetch()
    for place, name in enumerate(column.name for column in statement.get_attributes()):
        value = next((row[place] for row in rows if row[place] is not None), None)
        print(f'{view}.{name}', 'NULL' if value is None else type(value).__name__)
