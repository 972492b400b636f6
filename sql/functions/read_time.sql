-- A time of day as written in exports, or NULL where the text is no time: 2022-07-22 09:30:00(.0), 2022-07-22T09:30,
-- 2022/7/22 9:30, 2022.7.22, 2022年7月22日 9时30分, 20220722, 20220722093000; a date alone is its first moment.
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
    when regexp_matches(value, '^[0-9]{8}([0-9]{6})?$')
        then try_cast(concat(
            substr(value, 1, 4), '-', substr(value, 5, 2), '-', substr(value, 7, 2), ' ',
            rpad(substr(value, 9, 2), 2, '0'), ':', rpad(substr(value, 11, 2), 2, '0'), ':',
            rpad(substr(value, 13, 2), 2, '0')) as timestamp)
end
