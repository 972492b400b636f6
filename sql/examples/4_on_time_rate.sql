-- zh: 按时办结率和平均工作日
-- en: on-time rate and mean working days
select group_key, avg(case when is_on_time then 1.0 else 0 end) as on_time, avg(working_days) as working_days from durations where is_in_scope and is_on_time is not null group by group_key
