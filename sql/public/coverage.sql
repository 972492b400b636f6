-- Grain: one year of the source, or of one department, as far as its deliveries are complete. What is not complete is compared with nothing.
-- part: source: all departments together; department
-- department: 实施主体 or 受理部门; NULL of the source
-- year: the year
-- complete_from, complete_through: the first and the last day of that year that are complete; two lines where something is missing between
-- is_whole_year: from 1 January through 31 December
select
    s.part, s.department, y.year,
    greatest(s.complete_from, y.first_day) as complete_from,
    least(s.complete_through, y.last_day) as complete_through,
    s.complete_from <= y.first_day and s.complete_through >= y.last_day as is_whole_year
from covered_spells s
join (
    select extract(year from day) as year, min(day) as first_day, max(day) as last_day from calendar group by extract(year from day)
) y on y.first_day <= s.complete_through and y.last_day >= s.complete_from
