-- Grain: one case of the figure, with the row it was read from.
-- case_no: 办件编号
-- day: the day it counts on
-- item_type_label, item_name, department, area_code: 事项类型, 事项名称, 实施主体, 行政区划
-- delivery_id, file, sheet, row_no: where it was read
select
    c.case_no, c.day, f.item_type_label, f.item_name, f.department, f.area_code,
    d.delivery_id, t.file, t.sheet, c.row_no
from figure_cases c
join facets f on f.facet_id = c.facet_id
join delivered_tables t on t.table_no = c.table_no
join deliveries d on d.delivery_no = t.delivery_no
order by c.day, c.case_no
