-- A time's text whose date is written month, day, year, as 2022-07-22 and whatever follows it; NULL where the text begins with no such
-- date. Only sources whose profile says so write them; years of two digits are of this century (docs/method.md §5).
-- value: a time's text (time_text)
select case
    when regexp_matches(value, '^[0-9]{1,2}[-/.][0-9]{1,2}[-/.]([0-9]{4}|[0-9]{2})([^0-9].*)?$')
        then concat(
            lpad(regexp_extract(value, '^[0-9]{1,2}[-/.][0-9]{1,2}[-/.]([0-9]+)', 1), 4, '20'), '-',
            lpad(regexp_extract(value, '^([0-9]{1,2})', 1), 2, '0'), '-',
            lpad(regexp_extract(value, '^[0-9]{1,2}[-/.]([0-9]{1,2})', 1), 2, '0'),
            regexp_replace(value, '^[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]+', '', 'g'))
end
