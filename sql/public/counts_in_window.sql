-- Grain: one line of the section: the groups in scope, unclassified in scope, and what is out of scope; never fewer.
-- group_key: licence, public_service, other_power, unclassified, out_of_scope
-- label: its name in the section
-- accepted: 受理 from $start_on through $end_on, both inclusive, by deliveries with a cut-off up to $as_of
-- completed: 办结 in the same window, whatever year the case was accepted in
-- carried_over: of completed, accepted in an earlier year
select
    g.group_key, g.label,
    cast(coalesce(sum(d.accepted), 0) as bigint) as accepted,
    cast(coalesce(sum(d.completed), 0) as bigint) as completed,
    cast(coalesce(sum(d.carried_over), 0) as bigint) as carried_over
from figure_groups g
left join daily_count d
    on g.group_key = case when d.is_in_scope then d.group_key else 'out_of_scope' end
    and d.day >= cast($start_on as date) and d.day <= cast($end_on as date)
    and d.cut_off <= cast($as_of as date)
group by g.position, g.group_key, g.label
order by g.position
