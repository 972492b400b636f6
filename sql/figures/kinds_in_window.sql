-- Grain: one kind of case of the three groups in scope from $start_on through $end_on, by deliveries with a cut-off up to $as_of.
-- name: 即办件, 承诺件, 其他, 未注明 (docs/method.md §5: 办件类型 1, 2, 9)
-- accepted, completed, carried_over: cases
with named as (
    select
        case
            when case_kind in ('1', '即办件', '即办') then '即办件'
            when case_kind in ('2', '承诺件', '承诺') then '承诺件'
            when case_kind = '' then '未注明'
            else '其他'
        end as name,
        accepted, completed, carried_over
    from daily_count
    where is_in_scope and group_key <> 'unclassified'
    and day >= cast($start_on as date) and day <= cast($end_on as date)
    and cut_off <= cast($as_of as date)
)
select
    name,
    cast(sum(accepted) as bigint) as accepted,
    cast(sum(completed) as bigint) as completed,
    cast(sum(carried_over) as bigint) as carried_over
from named
group by name
having sum(accepted) <> 0 or sum(completed) <> 0
order by strpos('即办件承诺件其他未注明', name)
