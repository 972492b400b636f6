-- Grain: one department, with its cases of the figure.
-- department: 实施主体 or 受理部门
-- cases: how many
select f.department, cast(sum(p.cases) as bigint) as cases
from figure_parts p
join facets f on f.facet_id = p.facet_id
group by f.department
order by f.department
