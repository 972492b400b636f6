-- Grain: one channel of application in scope, from $start_on through $end_on, by deliveries with a cut-off up to $as_of.
-- channel: 申请方式 as the source writes it; empty where none is told
-- accepted, completed: 受理, 办结, cases
select
    channel,
    cast(sum(accepted) as bigint) as accepted,
    cast(sum(completed) as bigint) as completed
from daily_count
where is_in_scope and group_key <> 'unclassified'
and day >= cast($start_on as date) and day <= cast($end_on as date)
and cut_off <= cast($as_of as date)
group by channel
having sum(accepted) <> 0 or sum(completed) <> 0
order by accepted desc, completed desc, channel
