-- The time in one of the forms that nearly all exports write, 2022-07-22( 09:30:00) and 2022/7/22( 9:30(:15)), as read_time reads it;
-- NULL of any other text, and of one whose year needs a second look (is_none_day): these take the long way.
-- value: the cell as delivered
select case
    -- 9:30:5Z is of the same length: a cast would take its zone for nothing
    when (value like '____-__-__ __:__:__' or value like '____-__-__') and value >= '1950' and value < '2099-12-31'
        and value not like '%Z'
        then try_cast(value as timestamp)
    when value like '____/%' and value >= '1950' and value < '2099'
        and regexp_matches(value, '^[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}( [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)?$')
        then try_cast(replace(value, '/', '-') as timestamp)
end
