-- Grain: one department that has a case.
-- department: 实施主体 or 受理部门
select distinct department
from department_counts
where department <> ''
order by department
