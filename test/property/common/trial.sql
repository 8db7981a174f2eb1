-- One row per case. It is wrong when mine and theirs differ, numbers by more than a tolerance, if there is one. The text
-- of a float8 tells all its bits.
CREATE TABLE trial (
  claim text, subject text, mine text, theirs text, tolerance float8,
  wrong boolean GENERATED ALWAYS AS (
    CASE WHEN mine IS NOT DISTINCT FROM theirs THEN false
         WHEN tolerance IS NULL THEN true
         ELSE (abs(mine::float8 - theirs::float8) <= tolerance) IS NOT TRUE END) STORED);
