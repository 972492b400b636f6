-- zh: 各事项的中位办理工作日
-- en: median working days by item
select item_name, count(*) as completed, median(working_days) as median_days from durations where is_in_scope and working_days is not null group by item_name order by median_days desc
