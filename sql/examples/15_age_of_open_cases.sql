-- zh: 无办结记录办件的时长，按工作日
-- en: ageing of open cases in working days
select case when age_working_days <= 5 then '1: 0-5' when age_working_days <= 20 then '2: 6-20' when age_working_days <= 60 then '3: 21-60' else '4: 61-' end as working_days, count(*) as cases from open_cases where is_in_scope group by working_days order by working_days
