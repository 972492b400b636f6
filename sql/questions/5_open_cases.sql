-- zh: 该周末尚未办结的件，按部门
-- en: cases still open at the end of the week, by department
select
    department as "部门", count(*) as "未办结",
    count(*) filter (where due_on < cast($week as date)) as "已过承诺时间",
    min(accepted_on) as "最早受理"
from durations
where is_in_scope and accepted_on <= cast($week as date)
    and (completed_on is null or completed_on > cast($week as date))
    and (cast($group as varchar) is null or group_key = $group)
    and (cast($department as varchar) is null or department = $department)
group by department
order by "未办结" desc, department
