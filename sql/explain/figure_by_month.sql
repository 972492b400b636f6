-- Grain: one month, with its cases of the figure.
-- month: its first day
-- cases: how many
select cast(date_trunc('month', p.day) as date) as month, cast(sum(p.cases) as bigint) as cases
from figure_parts p
group by cast(date_trunc('month', p.day) as date)
order by cast(date_trunc('month', p.day) as date)
