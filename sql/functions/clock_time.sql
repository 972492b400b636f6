-- Date and time of day as a dated text writes them, whatever its offset; NULL where the text is no time, or there is no such day or hour
-- (docs/method.md §5). A date alone is its first moment. 0000-00-00 and 1900-01-00 are read as days, since they mean "no time" (is_none_day).
-- value: a text with its date first (dated)
select case
    when regexp_matches(value, '^(19[5-9]|20[0-9])[0-9]-[0-9]{2}-[0-9]{2}([ t][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?)?$')
        then try_cast(replace(value, 't', ' ') as timestamp)
    when regexp_matches(
        value,
        '^[0-9]{4}-[0-9]{2}-[0-9]{2}'
        || '([ t:]+([ap]m ?)?([0-9]{1,2}(:[0-9]{1,2}(:[0-9]{1,2}([.,:][0-9]*)?)?|[.][0-9]{1,2}([.][0-9]{1,2}([.,][0-9]*)?)?'
        || '|[时点] ?([0-9]{1,2} ?(分 ?([0-9]{1,2}([.][0-9]+)? ?秒?)?)?|整)?)|[0-9]{1,2} ?[ap]m)( ?[ap]m)?'
        || '( ?(z|(utc|gmt)?[+-][0-9]{1,2}(:?[0-9]{2}){0,2}|utc|gmt|cst|asia/shanghai)( ?\(.*\)| ?\[.*\]| [a-z]+/[a-z_]+)?)?)? *$')
        then try_cast(concat(
            case when value like '0000-00-00%' then '0001-01-01' when value like '1900-01-00%' then '1899-12-31' else substr(value, 1, 10) end, ' ',
            lpad(cast(
                cast(concat('0', regexp_extract(value, '^.{10}[^0-9]*([0-9]{1,2})', 1)) as integer) + case
                    when not regexp_matches(value, '[0-9 t:][ap]m([^a-z]|$)') then 0
                    when regexp_matches(value, 'pm') then case when regexp_matches(value, '^.{10}[^0-9]*(0?[0-9]|1[01])([^0-9]|$)') then 12 else 0 end
                    when regexp_matches(value, '^.{10}[^0-9]*12') then -12
                    when regexp_matches(value, '^.{10}[^0-9]*(1[3-9]|2[0-9])') then 40  -- 上午 14:00: both cannot be, and no day has such an hour
                    else 0
                end as varchar), 2, '0'), ':',
            lpad(regexp_extract(value, '^.{10}[^0-9]*[0-9]{1,2}[:.时点] ?([0-9]{1,2})', 1), 2, '0'), ':',
            lpad(regexp_extract(value, '^.{10}[^0-9]*[0-9]{1,2}[:.时点] ?[0-9]{1,2} ?[:.分] ?([0-9]{1,2})', 1), 2, '0'), '.',
            rpad(substr(regexp_extract(value, '^.{10}[^0-9]*[0-9]{1,2}[:.时点] ?[0-9]{1,2} ?[:.分] ?[0-9]{1,2}[.,:]([0-9]+)', 1), 1, 6), 6, '0'))
            as timestamp)
end
