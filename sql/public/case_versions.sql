-- Grain: one state of a case: from one delivery on, until a later one changed it.
-- case_no: 办件编号
-- item_type: 事项类型, national code
-- item_type_label: its label
-- group_key: its group
-- department: 实施主体 or 受理部门
-- area_code: 行政区划
-- is_in_scope: whether the area is 省本级
-- accepted_at: 受理时间
-- completed_at: 办结时间
-- result: 办结结果
-- status: 办件状态
-- is_void: 作废 or 删除
-- from_delivery: the delivery that brought this state
-- until_delivery: the delivery that changed it; NULL: it is the newest truth; the same as from_delivery: it was delivered, but
--     something newer was known already
-- file, sheet, row_no: where it was read
select
    s.case_no,
    f.item_type, f.item_type_label, f.group_key, f.department, f.area_code, f.is_in_scope,
    s.accepted_at, s.completed_at, o.result, o.status, o.is_void,
    d.delivery_id as from_delivery, u.delivery_id as until_delivery,
    t.file, t.sheet, s.row_no
from case_states s
join facets f on f.facet_id = s.facet_id
join outcomes o on o.outcome_id = s.outcome_id
join deliveries d on d.delivery_no = s.from_delivery
join delivered_tables t on t.table_no = s.table_no
left join deliveries u on u.delivery_no = s.to_delivery
