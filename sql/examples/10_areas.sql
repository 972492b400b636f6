-- zh: 各行政区划今年的受理和办结
-- en: by area, with names
select area_code, area_name, sum(accepted) as accepted, sum(completed) as completed from department_counts where year = 2022 group by area_code, area_name order by accepted desc
