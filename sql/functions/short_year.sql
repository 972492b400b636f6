-- A time's text whose date is written year, month, day with two digits of the year, as 2022-07-22 and whatever follows it; NULL where the
-- text begins with no such date. Only sources whose profile says so write them; the years are of this century (docs/method.md §5).
-- value: a time's text (time_text)
select case when regexp_matches(value, '^[0-9]{2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}([^0-9].*)?$') then year_first(concat('20', value)) end
