-- Grain: one case that counts in one figure of the section, now, from $start_on through $end_on.
-- position: the place of its group
-- delivery_no: the delivery whose row it counts by: of its acceptance, or of its completion
-- digest: of its number and the day it counts on, the first 16 bytes of the SHA-256
with measured as (
    select
        s.case_no, s.group_key,
        case
            when cast($measure as varchar) = 'accepted' then s.accepted_on
            when cast($measure as varchar) = 'completed' or s.is_carried_over then s.completed_on
        end as day,
        case when cast($measure as varchar) = 'accepted' then s.table_no else s.completion_table_no end as table_no
    from counted_states s
    where s.to_delivery is null and s.is_in_scope and s.group_key <> 'unclassified'
)
select
    g.position, t.delivery_no,
    unhex(substr(sha256(concat(m.case_no, ' ', cast(m.day as varchar))), 1, 32)) as digest
from measured m
join delivered_tables t on t.table_no = m.table_no
join figure_groups g on g.group_key = m.group_key
where m.day >= cast($start_on as date) and m.day <= cast($end_on as date)
order by g.position, t.delivery_no, digest
