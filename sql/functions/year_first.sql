-- A date written year, month, day, and whatever follows it, as 2022-07-22…; NULL where the text begins with no such date: 2022/7/22,
-- 2022.7.22, 2022年7月22日, 20220722; compact also with the time of day: 20220722093000, 20220722t093000.
-- value: a time's text (time_text)
select case
    when regexp_matches(value, '^[0-9]{4}-[0-9]{2}-[0-9]{2}([ t].*)?$') then value
    -- Db2 writes 2022-07-22-09.30.00.000000: only so is a hyphen behind a date no offset
    when regexp_matches(value, '^[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{2}[.][0-9]{2}[.][0-9]{2}([.][0-9]+)?$')
        then concat(substr(value, 1, 10), ' ', substr(value, 12))
    when regexp_matches(value, '^[0-9]{4} ?[-/.年] ?[0-9]{1,2} ?[-/.月] ?[0-9]{1,2}( ?[日号].*|[^0-9].*)?$')
        then concat(
            substr(value, 1, 4), '-',
            lpad(regexp_extract(value, '^[0-9]{4} ?[-/.年] ?([0-9]{1,2})', 1), 2, '0'), '-',
            lpad(regexp_extract(value, '^[0-9]{4} ?[-/.年] ?[0-9]{1,2} ?[-/.月] ?([0-9]{1,2})', 1), 2, '0'),
            case when regexp_matches(value, '^[0-9]{4} ?[-/.年] ?[0-9]{1,2} ?[-/.月] ?[0-9]{1,2} ?[日号]') then ' ' else '' end,
            regexp_replace(value, '^[0-9]{4} ?[-/.年] ?[0-9]{1,2} ?[-/.月] ?[0-9]{1,2}( ?[日号])?', '', 'g'))
    when regexp_matches(value, '^(000[01]|1[789][0-9]{2}|2[01][0-9]{2}|9999)[0-9]{4}([ t]?[0-9]{4}([0-9]{2}([0-9]{3}|[0-9]{6}|[.,][0-9]+)?)?|[ t][0-9]{1,2}:.*)?( ?(z|[-+][0-9:]+)|[.]0+)?$')
        then concat(
            substr(value, 1, 4), '-', substr(value, 5, 2), '-', substr(value, 7, 2), ' ',
            case
                when regexp_matches(value, '^[0-9]{8}[ t][0-9]{1,2}:') then substr(value, 10)
                when regexp_matches(value, '^[0-9]{8}[ t]?[0-9]{4}')
                    then concat(
                        regexp_extract(value, '^[0-9]{8}[ t]?([0-9]{2})', 1), ':', regexp_extract(value, '^[0-9]{8}[ t]?[0-9]{2}([0-9]{2})', 1), ':',
                        rpad(regexp_extract(value, '^[0-9]{8}[ t]?[0-9]{4}([0-9]{2})', 1), 2, '0'),
                        case when regexp_matches(value, '^[0-9]{8}[ t]?[0-9]{6}[.,]?[0-9]') then '.' else '' end,
                        regexp_extract(value, '^[0-9]{8}[ t]?[0-9]{6}[.,]?([0-9]+)', 1),
                        regexp_extract(value, '^[0-9]{8}[ t]?[0-9]{4,}[.,]?[0-9]*(.*)$', 1))
                else ''
            end)
end
