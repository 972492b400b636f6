-- Whether a time stands for "no time": its day, as written or in the source's zone, is one that systems write for it (is_none_day), or
-- one that the source's profile names.
-- value: the time's text with its date first (dated); NULL where it was read the short way
-- moment: what was read (read_time, plain_time)
-- days: the days that the profile names, such as 2049-12-31, 2050-01-01; '' where it names none
select case
    when moment is null then false
    when days <> '' and (strpos(days, substr(cast(moment as varchar), 1, 10)) > 0 or strpos(days, substr(value, 1, 10)) > 0) then true
    else value is not null and (is_none_day(value) or is_none_day(cast(moment as varchar)))
end
