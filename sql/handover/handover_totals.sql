-- Grain: as daily_totals, under Chinese column names: a line of the workbook for other programs.
-- 日期: day
-- 事项类型编码: item_type
-- 事项类型: item_type_label
-- 类别: group_key
-- 实施主体: department
-- 行政区划: area_code
-- 是否省本级: is_in_scope
-- 办件类型: case_kind
-- 申请方式: channel
-- 受理: accepted
-- 办结: completed
-- 结转办结: carried_over
select
    t.day as 日期,
    t.item_type as 事项类型编码,
    t.item_type_label as 事项类型,
    coalesce(g.label, t.group_key) as 类别,
    t.department as 实施主体,
    t.area_code as 行政区划,
    case when t.is_in_scope then '是' else '否' end as 是否省本级,
    t.case_kind as 办件类型,
    t.channel as 申请方式,
    t.accepted as 受理,
    t.completed as 办结,
    t.carried_over as 结转办结
from daily_totals t
left join figure_groups g on g.group_key = t.group_key
order by t.day, t.group_key, t.item_type, t.department, t.area_code, t.case_kind, t.channel
