-- zh: 该周每日的受理和办结
-- en: accepted and completed by day of the week
select day as "日期", sum(accepted) as "受理", sum(completed) as "办结"
from daily_totals
where is_in_scope
    and date_diff('day', day, cast($week as date)) >= 0 and date_diff('day', day, cast($week as date)) < 7
    and (cast($group as varchar) is null or group_key = $group)
    and (cast($department as varchar) is null or department = $department)
group by day
order by day
