for view in ('account_health', 'scoreboard', 'health_drivers_by_account', 'health_models', 'account_activity'):
    cursor = connection.execute(f'SELECT * FROM {view}')
    rows = cursor.fetchall()
    for place, name in enumerate(column.name for column in cursor.description):
        value = next((row[place] for row in rows if row[place] is not None), None)
        print(f'{view}.{name}', 'NULL' if value is None else type(value).__name__)
