-- zh: 本月办理用时较长的单位
-- en: slow departments this month
select department, count(*) as completed, median(working_days) as median_days, avg(working_days) as mean_days from durations where is_in_scope and completed_on between '2022-07-01' and '2022-07-22' group by department order by mean_days desc
