-- A number that identifies: what the cell says (clean_text) in half width; leading zeros stay (docs/method.md §4).
-- value: the cell as delivered
select case
    when value is null then ''
    when is_clean_id(value) then value
    -- no word for nothing holds a digit
    when regexp_matches(value, '^[0-9A-Za-z_.-]*[0-9][0-9A-Za-z_.-]*$') then value
    else clean_seen(visible(half_width(value)))
end
