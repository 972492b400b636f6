-- zh: 周末和节假日受理的占比
-- en: share accepted at weekends and holidays
select department, avg(case when is_accepted_on_day_off then 1.0 else 0 end) as day_off_share from durations where is_in_scope and accepted_on between '2022-01-01' and '2022-07-22' group by department order by day_off_share desc
