-- zh: 各单位本年累计至周末日的受理和办结
-- en: accepted and completed by department, year to date
select department as "单位", sum(accepted) as "受理", sum(completed) as "办结"
from daily_totals
where is_in_scope
    and day >= date_trunc('year', cast($week as date)) and day <= cast($week as date)
    and (cast($group as varchar) is null or group_key = $group)
    and (cast($department as varchar) is null or department = $department)
group by department
order by "受理" desc, department
