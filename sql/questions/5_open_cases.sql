-- zh: 截至周末日无办结记录的办件，按单位
-- en: cases still open at the end of the week, by department
select
    department as "单位", count(*) as "无办结记录",
    count(*) filter (where due_on < cast($week as date)) as "已过承诺时间",
    min(accepted_on) as "最早受理"
from durations
where is_in_scope and accepted_on <= cast($week as date)
    and (completed_on is null or completed_on > cast($week as date))
    and (cast($group as varchar) is null or group_key = $group)
    and (cast($department as varchar) is null or department = $department)
group by department
order by "无办结记录" desc, department
