for view in ('account_health', 'scoreboard', 'health_drivers_by_account', 'health_models', 'account_activity'):
    for column in Table(view, MetaData(), autoload_with=engine).columns:
        print(f'{view}.{column.name}', type(column.type).__name__)
