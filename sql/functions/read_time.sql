-- A time of day as written in exports, in Asia/Shanghai, or NULL where the text is no time (docs/method.md §5): 2022-07-22 09:30:00(.0),
-- 2022-07-22T09:30, 2022/7/22 9:30, 2022.7.22, 2022年7月22日 9时30分, 20220722, 20220722(T)093000; with Z or an offset;
-- a spreadsheet's day number (1900 epoch); seconds or milliseconds since 1970, read to the second; a date alone is its first moment.
-- value: clean text (clean_text), not ''
select case
    when regexp_matches(value, '^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?)?$')
        then try_cast(value as timestamp)
    when regexp_matches(value, '^[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?([ T]*[0-9]{1,2}[:时][0-9]{1,2}([:分]([0-9]{1,2}秒?(\.[0-9]+)?)?)?)?$')
        then try_cast(concat(
            regexp_extract(value, '^([0-9]{4})', 1), '-',
            lpad(regexp_extract(value, '^[0-9]{4}[-/.年]([0-9]{1,2})', 1), 2, '0'), '-',
            lpad(regexp_extract(value, '^[0-9]{4}[-/.年][0-9]{1,2}[-/.月]([0-9]{1,2})', 1), 2, '0'), ' ',
            lpad(regexp_extract(value, '([0-9]{1,2})[:时]', 1), 2, '0'), ':',
            lpad(regexp_extract(value, '[:时]([0-9]{1,2})', 1), 2, '0'), ':',
            lpad(regexp_extract(value, '[:时][0-9]{1,2}[:分]([0-9]{1,2})', 1), 2, '0')) as timestamp)
    when regexp_matches(value, '^[0-9]{8}(T?[0-9]{6})?$')
        then try_cast(concat(
            substr(value, 1, 4), '-', substr(value, 5, 2), '-', substr(value, 7, 2), ' ',
            rpad(substr(replace(value, 'T', ''), 9, 2), 2, '0'), ':', rpad(substr(replace(value, 'T', ''), 11, 2), 2, '0'), ':',
            rpad(substr(replace(value, 'T', ''), 13, 2), 2, '0')) as timestamp)
    when regexp_matches(value, '^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:?[0-9]{2})$')
        then try_cast(substr(value, 1, 19) as timestamp)
            + (480 - case when regexp_matches(value, '-[0-9]{2}:?[0-9]{2}$') then -1 else 1 end
                * (60 * cast(concat('0', regexp_extract(value, '[+-]([0-9]{2}):?[0-9]{2}$', 1)) as integer)
                    + cast(concat('0', regexp_extract(value, '[+-][0-9]{2}:?([0-9]{2})$', 1)) as integer)))
            * interval 1 minute
    when regexp_matches(value, '^[2-6][0-9]{4}([.][0-9]+)?$')
        then cast('1899-12-30' as timestamp)
            + cast(substr(value, 1, 5) as integer) * interval 1 day
            + cast(round(cast(concat('0', substr(value, 6)) as double) * 86400) as integer) * interval 1 second
    when regexp_matches(value, '^1[0-9]{9}([0-9]{3})?$')
        then cast('1970-01-01 08:00:00' as timestamp) + cast(substr(value, 1, 10) as bigint) * interval 1 second
end
