-- Grain: one case 办件 in its newest truth.
-- case_no: 办件编号
-- item_type: 事项类型, national code 01-10, 20; empty where unclassified
-- item_type_label: its label; where unclassified the text as delivered, or 未注明
-- group_key: licence 行政许可, public_service 公共服务, other_power 其它九类行权, unclassified
-- item_code: 实施编码
-- item_name: 事项名称
-- department: 实施主体 or 受理部门
-- department_code: its code
-- area_code: 行政区划 of the implementing body
-- is_in_scope: whether the area is 省本级; published figures count only these
-- case_kind: 办件类型 (即办件, 承诺件)
-- channel: 申请方式
-- statutory_days: 法定时限, working days; NULL where none is told in that unit
-- applied_at: 申请时间, Asia/Shanghai
-- accepted_at: 受理时间
-- due_at: 承诺办结时间
-- completed_at: 办结时间
-- result: 办结结果
-- status: 办件状态
-- is_void: 作废 or 删除: counts nowhere
-- is_not_admitted: 不予受理: counts neither as accepted nor as completed
-- delivery_id: the delivery that last changed it
-- file: the file that tells its acceptance (or, without one, its result), below data/raw
-- sheet: its worksheet
-- row_no: its row, as a spreadsheet counts
-- completion_file, completion_sheet, completion_row_no: where its completion was read; NULL while it is not completed
select
    case_no, item_type, item_type_label, group_key, item_code, item_name,
    department, department_code, area_code, is_in_scope, case_kind, channel, statutory_days,
    applied_at, accepted_at, due_at, completed_at, result, status, is_void, is_not_admitted,
    delivery_id, file, sheet, row_no, completion_file, completion_sheet, completion_row_no
from described_states
where to_delivery is null
