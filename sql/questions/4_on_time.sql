-- zh: 各单位按时办结率和平均工作日，本年累计至周末日
-- en: on-time rate and mean working days by department, of what was completed year to date
select
    department as "单位", count(*) as "办结",
    round(100.0 * avg(case when is_on_time then 1.0 else 0 end), 1) as "按时办结率 %",
    round(avg(working_days), 1) as "平均工作日"
from durations
where is_in_scope and is_on_time is not null
    and completed_on >= date_trunc('year', cast($week as date)) and completed_on <= cast($week as date)
    and (cast($group as varchar) is null or group_key = $group)
    and (cast($department as varchar) is null or department = $department)
group by department
order by "按时办结率 %", department
