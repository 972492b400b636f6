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
    s.case_no, s.item_type, s.item_type_label, s.group_key, s.department, s.area_code, s.is_in_scope,
    s.accepted_at, s.completed_at, s.result, s.status, s.is_void,
    s.delivery_id as from_delivery, u.delivery_id as until_delivery,
    s.file, s.sheet, s.row_no
from described_states s
left join deliveries u on u.delivery_no = s.to_delivery
