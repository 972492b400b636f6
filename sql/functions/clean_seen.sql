-- What a cell says: without blanks around it and without the marks that keep a spreadsheet from counting with it, ="…" and a leading
-- apostrophe with the one that closes it; a text that holds more of such marks means them. '' where it says nothing (is_nothing).
-- value: what stands in the cell, as it is seen (visible)
select case
    when is_nothing(value) then ''
    -- each text is named once: what is named twice is planned twice, and all within it
    else regexp_replace(
        first_group(
            first_group(value, '^[ ''`]*="[ ''`]*([^"]*?)[ ''`]*"[ ''`]*$'),
            '^ *[''`] *([^''`]*?) *[''`]? *$'),
        '^ +| +$', '', 'g')
end
