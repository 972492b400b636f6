-- Whether a moment falls, in universal time or China's, on a day that means "no time" (is_none_day): these days, counted from 1970.
-- value: seconds since 1970
select strpos(
    ',-719162,-79257,-25569,-25568,-25567,47481,2932896,',
    concat(',', cast(cast(floor(value / 86400.0) as bigint) as varchar), ',')) > 0
    or strpos(
        ',-719162,-79257,-25569,-25568,-25567,47481,2932896,',
        concat(',', cast(cast(floor((value + 28800) / 86400.0) as bigint) as varchar), ',')) > 0
