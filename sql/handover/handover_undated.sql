-- Grain: one case 办件 in its newest truth of which no acceptance is known, for other programs. Columns: as cases.
select *
from cases
where accepted_at is null
