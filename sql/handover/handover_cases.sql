-- Grain: one case 办件 in its newest truth, accepted from $start_at on and before $end_at, for other programs. Columns: as cases.
select *
from cases
where accepted_at >= $start_at and accepted_at < $end_at
