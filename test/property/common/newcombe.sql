-- By halving: the end of Newcombe's interval (Statist. Med. 25, 2006, method 5) on the side of a bound.
CREATE FUNCTION newcombe(auc float8, bound float8, kept float8, churned float8) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
  inside float8 := auc;
  outside float8 := bound;
  middle float8;
BEGIN
  FOR i IN 1 .. 60 LOOP
    middle := (inside + outside) / 2;
    IF abs(auc - middle) > 1.959963984540054 * sqrt(middle * (1 - middle) / (kept * churned)
       * (1 + ((kept + churned) / 2 - 1) * ((1 - middle) / (2 - middle) + middle / (1 + middle))))
    THEN outside := middle; ELSE inside := middle; END IF;
  END LOOP;
  RETURN inside;
END $$;
