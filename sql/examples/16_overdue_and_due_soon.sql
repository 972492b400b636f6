-- zh: 各单位超期和即将到期的办件
-- en: overdue and soon due by department
select department, count(*) filter (where is_overdue) as overdue, count(*) filter (where is_due_soon) as due_soon, count(*) as open_cases from open_cases where is_in_scope group by department order by overdue desc
