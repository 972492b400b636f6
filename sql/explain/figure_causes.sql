-- Grain: one figure of asked_figures, one cause of change and one direction.
-- group_key, measure, cause: as figure_changes
-- cases: gained (positive) or lost (negative)
select group_key, measure, cause, cast(sum(cases) as bigint) as cases
from figure_changes
group by group_key, measure, cause, cases
order by group_key, measure, cause, cases desc
