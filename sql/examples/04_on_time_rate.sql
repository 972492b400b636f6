-- zh: 已办结件的按时率和平均工作日
-- en: on-time share of completed cases, and mean working days
select group_key, avg(case when is_on_time then 1.0 else 0 end) as on_time_share, avg(working_days) as working_days from durations where is_in_scope and is_on_time is not null group by group_key
