-- Grain: one case 办件 in its newest truth, for other programs. Columns: as cases.
-- year: the year of its acceptance; 0 where none is known
select *, coalesce(extract(year from accepted_at), 0) as year
from cases
