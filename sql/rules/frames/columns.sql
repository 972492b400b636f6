-- Grain: one column by which a table of the newest cut-off differs from the last table of the same name (digits apart).
-- cut_off, place: of its delivery; the file
-- change: its header: + new, − missing, → renamed
with tables as (
    select
        t.table_no, t.file, d.cut_off,
        regexp_replace(concat(t.file, '|', t.sheet), '[0-9]+', '', 'g') as series
    from delivered_tables t
    join deliveries d on d.delivery_no = t.delivery_no
),
ranked as (
    select
        n.table_no, n.cut_off, n.file, p.table_no as before_no,
        row_number() over (partition by n.table_no order by p.cut_off desc, p.table_no desc) as place
    from tables n
    join tables p on p.series = n.series and p.cut_off < n.cut_off
    where n.cut_off = (select max(cut_off) from deliveries)
),
pairs as (
    select table_no, cut_off, file, before_no from ranked where place = 1
),
now_there as (
    select p.table_no, p.cut_off, p.file, p.before_no, c.header, c.meaning
    from pairs p
    join delivered_columns c on c.table_no = p.table_no
    where not exists (select 1 from delivered_columns b where b.table_no = p.before_no and b.header = c.header)
),
no_more_there as (
    select p.table_no, p.cut_off, p.file, p.before_no, c.header, c.meaning
    from pairs p
    join delivered_columns c on c.table_no = p.before_no
    where not exists (select 1 from delivered_columns n where n.table_no = p.table_no and n.header = c.header)
)
select n.cut_off, n.file as place, concat(o.header, ' → ', n.header) as change
from now_there n
join no_more_there o on o.table_no = n.table_no and o.meaning = n.meaning and n.meaning <> ''
union all
select n.cut_off, n.file as place, concat('+ ', n.header) as change
from now_there n
where not exists (select 1 from no_more_there o where o.table_no = n.table_no and o.meaning = n.meaning and n.meaning <> '')
union all
select o.cut_off, o.file as place, concat('− ', o.header) as change
from no_more_there o
where not exists (select 1 from now_there n where n.table_no = o.table_no and o.meaning = n.meaning and n.meaning <> '')
order by place, change
