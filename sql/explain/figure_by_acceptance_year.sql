-- Grain: one year of acceptance, with its cases of the figure.
-- accepted_in: the year; 0 where none is known
-- cases: how many
select p.accepted_in, cast(sum(p.cases) as bigint) as cases
from figure_parts p
group by p.accepted_in
order by p.accepted_in
