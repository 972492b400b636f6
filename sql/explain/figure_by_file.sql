-- Grain: one file, with its cases of the figure.
-- delivery_id, file, sheet: where the cases were read
-- cases: how many
select d.delivery_id, t.file, t.sheet, cast(sum(p.cases) as bigint) as cases
from figure_parts p
join delivered_tables t on t.table_no = p.table_no
join deliveries d on d.delivery_no = t.delivery_no
group by d.delivery_id, t.file, t.sheet
order by d.delivery_id, t.file, t.sheet
