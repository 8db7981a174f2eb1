# Of an object that is a dict or a list, what it is.
for view in ('account_health', 'scoreboard', 'health_drivers_by_account', 'health_models', 'account_activity'):
    frame = pd.read_sql(f'SELECT * FROM {view}', engine)
    for name, values in frame.items():
        one = next((value for value in values if value is not None), None)
        print(f'{view}.{name}', type(one).__name__ if isinstance(one, (dict, list)) else values.dtype)
