-- Whether a day is one of those that systems write for "no time" (docs/method.md §5).
-- value: a text that begins with a day, such as 0001-01-01
select regexp_matches(value, '^(0000-00-00|0001-01-01|1753-01-01|1899-12-3[01]|1900-01-0[01]|2099-12-31|9999-12-31)')
