-- zh: 各单位今年的受理和办结
-- en: departments, this year
select department, sum(accepted) as accepted, sum(completed) as completed from department_counts where is_in_scope and year = 2022 group by department order by accepted desc
