-- Grain: one cause of change and one direction.
-- cause: as figure_changes
-- cases: gained (positive) or lost (negative)
select cause, cast(sum(cases) as bigint) as cases
from figure_changes
group by cause, cases
order by cause, cases desc
