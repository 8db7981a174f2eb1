-- Documents that are results: what functions in _rows take is looked at first, since one that lacks what they read would
-- be no rows, as if nothing had been found.

--@ function health_result
--@ stability: experimental
--@ null: NULL for a NULL document.
--@ errors: 22023 for a document without the key; for one that is no array, where no key is given.
--@ example:
--@   SELECT health_result('{"findings": []}', 'health_drift', 'findings');
--@ output:
--@     health_result
--@   ------------------
--@    {"findings": []}
CREATE FUNCTION health_result(document jsonb, maker text, key text DEFAULT NULL) RETURNS jsonb
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION health_result(jsonb, text, text) IS
  'the document, if it has the key (without one: if it is an array), as the result of the function maker has; else error 22023. For the functions in _rows';
