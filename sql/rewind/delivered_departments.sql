-- becomes: the table delivered_departments
-- Grain: as the table delivered_departments, without the deliveries from number $first_delivery on. Columns: as the table delivered_departments.
select r.*
from delivered_departments r
anti join delivered_tables t on t.table_no = r.table_no and t.delivery_no >= $first_delivery
