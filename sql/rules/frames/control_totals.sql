-- Grain: one control total that a delivery.toml gives.
-- cut_off, place: its cut-off; what it counts: a file, a group, or all rows
-- difference: rows told minus rows read
with counted as (
    select c.cut_off, c.folder, c.name, c.expected, sum(t.rows_read) as row_count
    from control_totals c
    join delivered_tables t
        on starts_with(t.file, concat(c.folder, '/')) and (c.name in ('rows', '行数') or t.file = concat(c.folder, '/', c.name))
    group by c.cut_off, c.folder, c.name, c.expected
    union all
    select c.cut_off, c.folder, c.name, c.expected, sum(v.row_count) as row_count
    from control_totals c
    join figure_groups g on c.name in (g.group_key, g.label)
    join delivered_departments v on v.group_key = g.group_key
    join delivered_tables t on t.table_no = v.table_no and starts_with(t.file, concat(c.folder, '/'))
    group by c.cut_off, c.folder, c.name, c.expected
)
select
    c.cut_off,
    concat(c.folder, ' ', c.name) as place,
    cast(c.expected - coalesce(sum(n.row_count), 0) as bigint) as difference
from control_totals c
left join counted n on n.cut_off = c.cut_off and n.folder = c.folder and n.name = c.name
group by c.cut_off, c.folder, c.name, c.expected
order by c.cut_off, c.folder, c.name
