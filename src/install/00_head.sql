-- health_score: explainable customer health scores.
\echo Use "CREATE EXTENSION health_score" to load this file. \quit

