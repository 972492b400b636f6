-- zh: 受理超过三十天仍无办结记录的办件
-- en: open for more than 30 days
select case_no, department, item_name, accepted_on, age_days, is_overdue from open_cases where is_in_scope and age_days > 30 order by age_days desc limit 100
