-- Grain: one spelling that a sample of a large table holds.
-- spelling: as staged
select distinct spelling
from sampled_rows
where not is_blank and not is_around
