-- A code without the tail of a number that became a decimal one: 1.0 is 1.
-- value: a clean text
select case when regexp_matches(value, '^[0-9]+[.]0+$') then regexp_extract(value, '^([0-9]+)', 1) else value end
