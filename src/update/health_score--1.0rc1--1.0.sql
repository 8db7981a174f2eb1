-- From 1.0rc1 to 1.0.
\echo Use "ALTER EXTENSION health_score UPDATE TO '1.0'" to load this file. \quit

-- Nothing has changed.
