-- Grain: one area, department or kind of case with cases of a group, one label of unclassified ones, or one day and group;
-- from $start_on through $end_on, by deliveries with a cut-off up to $as_of. Areas apart, only what is in scope.
-- part: area, department, kind, label, day
-- name: 行政区划; 实施主体 or 受理部门; 即办件, 承诺件, 其他, 未注明 (case_kinds); 事项类型 as delivered; NULL of a day
-- area_name: of an area that the source profile names, otherwise ''
-- day, group_key: the day of acceptance or completion, and licence, public_service, other_power; NULL of the other parts
-- accepted, completed, carried_over: cases
with counted as (
    -- what is of no interest to a part has no name in it
    select
        case when group_key <> 'unclassified' then c.area_code end as area,
        case when group_key <> 'unclassified' and is_in_scope then department end as department,
        case when group_key <> 'unclassified' and is_in_scope
            then coalesce(k.label, case when case_kind = '' then '未注明' else '其他' end)
        end as kind,
        case when group_key <> 'unclassified' and is_in_scope
            then coalesce(k.position, case when case_kind = '' then 1000 else 999 end)
        end as kind_place,
        case when group_key = 'unclassified' and is_in_scope then item_type_label end as label,
        case when group_key <> 'unclassified' and is_in_scope then day end as day,
        n.area_name, group_key, accepted, completed, carried_over
    from daily_count c
    left join case_kinds k on k.name = c.case_kind
    left join area_names n on n.area_code = c.area_code
    where day >= cast($start_on as date) and day <= cast($end_on as date)
    and cut_off <= cast($as_of as date)
)
select
    case
        when day is not null then 'day'
        when area is not null then 'area'
        when department is not null then 'department'
        when kind is not null then 'kind'
        else 'label'
    end as part,
    coalesce(area, department, kind, label) as name,
    case when area is not null then coalesce(max(area_name), '') else '' end as area_name,
    day, group_key,
    cast(sum(accepted) as bigint) as accepted,
    cast(sum(completed) as bigint) as completed,
    cast(sum(carried_over) as bigint) as carried_over
from counted
group by grouping sets ((area), (department), (kind_place, kind), (label), (day, group_key))
having day is not null or coalesce(area, department, kind, label) is not null and (sum(accepted) <> 0 or sum(completed) <> 0)
order by
    part, day, group_key, kind_place, label,
    sum(accepted) desc, sum(completed) desc, area, department
