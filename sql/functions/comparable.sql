-- How two names are compared: as they are seen, half width, no white space, lower case, 其它 as 其他 (as profiles.fold).
-- value: a type, status or result as delivered
select replace(lower(replace(half_width(visible(value)), ' ', '')), '其它', '其他')
