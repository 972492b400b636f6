-- Grain: one known state that a changed case brings to its end.
-- case_no: 办件编号
-- to_delivery: the delivery that ends it
select case_no, delivery_no as to_delivery
from changed_cases
