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
    s.case_no,
    f.item_type, f.item_type_label, f.group_key, f.item_code, f.item_name,
    f.department, f.department_code, f.area_code, f.is_in_scope, f.case_kind, f.channel, f.statutory_days,
    s.applied_at, s.accepted_at, s.due_at, s.completed_at,
    o.result, o.status, o.is_void, o.is_not_admitted,
    d.delivery_id, t.file, t.sheet, s.row_no,
    case when s.completed_at is not null then coalesce(c.file, t.file) end as completion_file,
    case when s.completed_at is not null then coalesce(c.sheet, t.sheet) end as completion_sheet,
    case when s.completed_at is not null then coalesce(s.completion_row_no, s.row_no) end as completion_row_no
from case_states s
join facets f on f.facet_id = s.facet_id
join outcomes o on o.outcome_id = s.outcome_id
join deliveries d on d.delivery_no = s.from_delivery
join delivered_tables t on t.table_no = s.table_no
left join delivered_tables c on c.table_no = s.completion_table_no
where s.to_delivery is null
