# What the driver says of a column, whatever its values.
for view in ('account_health', 'scoreboard', 'health_drivers_by_account', 'health_models', 'account_activity'):
    for name, kind, *_ in connection.execute(f'SELECT * FROM {view}').description:
        print(f'{view}.{name}', kind.__name__)
