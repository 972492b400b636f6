-- A time written as one number, as 2022-07-22 09:30:00 (wall time), or with +00:00 behind it; NULL of any other text: a spreadsheet's
-- day number (1900 epoch), seconds since 1970 or a thousandth, millionth or milliardth of them, read to the second. Of numbers that lie
-- far away only those are times that fall, in universal time or China's, on a day that means "no time" (is_none_day): all give one of these.
-- value: a time's text (time_text)
select case
    when regexp_matches(value, '^([2-6][0-9]{4}|73050|2958465)([.][0-9]+)?$')
        then cast(
            cast('1899-12-30' as timestamp)
            + cast(regexp_extract(value, '^([0-9]+)', 1) as integer) * interval 1 day
            + cast(round(cast(concat('0', regexp_extract(value, '([.][0-9]+)$', 1)) as double) * 86400) as integer) * interval 1 second
            as varchar)
    when regexp_matches(value, '^1[0-9]{9}([0-9]{3}|[0-9]{6}|[0-9]{9})?([.][0-9]+)?$')
        then concat(
            cast(cast('1970-01-01' as timestamp) + cast(substr(value, 1, 10) as integer) * interval 1 second as varchar), '+00:00')
    when regexp_matches(value, '^(-[0-9]{9,11}|4[0-9]{9}|25[0-9]{10})([0-9]{3}|[0-9]{6}|[0-9]{9})?([.]0+)?$')
        then case when is_none_second(cast(
            case
                when value like '-%' then substr(value, 1, 10 + cast((length(regexp_extract(value, '^(-[0-9]+)', 1)) - 10) % 3 as integer))
                when value like '4%' then substr(value, 1, 10)
                else substr(value, 1, 12)
            end as bigint)) then '9999-12-31' end
end
