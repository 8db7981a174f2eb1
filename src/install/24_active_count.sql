-- How many signals of an activity, users for example, were seen in some days.

--@ theme Activities
--@ function health_active_count
--@ stability: stable
--@ units: `days` and `min_days` are 1 or more; an entry of `signals` is a name, or a prefix that ends in `*`.
--@ null: NULL where the activity, `as_of`, `days` or `min_days` is NULL; NULL `signals` are all of them, a NULL entry none.
--@ errors: 22023 for `days` or `min_days` below 1; 22008 for an infinite `as_of`.
--@ example:
--@   SELECT health_active_count('{"login": {"2026-01-03": 4}, "user:ada": {"2026-01-02": 1, "2026-01-03": 3},
--@                                "user:bob": {"2026-01-03": 1}}',
--@                              '2026-01-05', 28, signals => '{user:*}') AS users;
--@ output:
--@    users
--@   -------
--@        2
CREATE FUNCTION health_active_count(activity health_activity, as_of date, days int, min_days int DEFAULT 1,
                                    signals text[] DEFAULT NULL) RETURNS int
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION health_active_count(health_activity, date, int, int, text[]) IS
  'number of signals (users) seen on at least min_days of the given number of days before as_of; an entry such as user:* stands for a prefix';
