-- The one rule of what a cell says, whatever its column (visible, clean_seen); '' where it says nothing.
-- value: the cell as delivered
select case when value is null then '' else clean_seen(visible(value)) end
