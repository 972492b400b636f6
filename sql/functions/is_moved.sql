-- Whether its offset moved a time to another day than is written. A number that counts seconds writes no day.
-- value: a time's text (time_text)
-- day_first: the same with its date first (dated)
-- moment: what was read (read_time)
select moment is not null and has_offset(day_first) and substr(day_first, 1, 10) <> substr(cast(moment as varchar), 1, 10)
    and not regexp_matches(value, '^[0-9.]+$')
