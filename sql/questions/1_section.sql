-- zh: 本周通报的数字：本年累计至周末日
-- en: the figures of the section, year to date
select label as "组别", accepted as "受理", completed as "办结", carried_over as "其中上年受理"
from year_to_date($week)
