-- Grain: one line: what the warehouse knows by deliveries with a cut-off up to $as_of.
-- cut_off: newest cut-off
-- received_on: newest receipt
-- deliveries: how many
-- is_sample: invented cases
select
    max(cut_off) as cut_off,
    max(received_on) as received_on,
    count(*) as deliveries,
    coalesce(max(cast(is_sample as integer)), 0) = 1 as is_sample
from deliveries
where cut_off <= cast($as_of as date)
