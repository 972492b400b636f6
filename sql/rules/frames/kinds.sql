-- Grain: one kind of table, group and what it tells, that each of the last cut-offs before the newest one had.
-- cut_off, place: the newest one; the kind
-- is_missing: 1 where the newest one has no row of it
with kinds as (
    select
        d.cut_off,
        g.position, g.label,
        concat(case when t.has_acceptance then '受理' else '' end, case when t.has_completion then '办结' else '' end) as tells,
        sum(v.row_count) as row_count
    from delivered_departments v
    join delivered_tables t on t.table_no = v.table_no
    join deliveries d on d.delivery_no = t.delivery_no
    join figure_groups g on g.group_key = v.group_key and g.position <= 3
    group by d.cut_off, g.position, g.label, t.has_acceptance, t.has_completion
),
cut_offs as (
    select cut_off, row_number() over (order by cut_off desc) - 1 as age
    from (select distinct cut_off from deliveries) each_once
),
learnt as (
    select k.position, k.label, k.tells
    from kinds k
    join cut_offs c on c.cut_off = k.cut_off
    where c.age between 1 and (select max(value) from tolerances where name = 'kinds_learnt')
    and k.row_count >= (select max(value) from tolerances where name = 'weekly_least_cases')
    group by k.position, k.label, k.tells
    having count(*) >= (select max(value) from tolerances where name = 'kinds_learnt')
)
select
    c.cut_off,
    concat(l.label, ' ', l.tells) as place,
    case when k.cut_off is null then 1 else 0 end as is_missing
from learnt l
join cut_offs c on c.age = 0
left join kinds k on k.cut_off = c.cut_off and k.label = l.label and k.tells = l.tells
order by l.position, l.tells
