-- Whether one or more cells, parted by |, are all empty or words for nothing, such as NULL or \N. An error of a spreadsheet such as #N/A
-- is no such word (is_error).
-- value: what stands in them, as it is seen (visible)
select regexp_matches(
    value, '^((^|\|)[ =''"`]*(?i:[-－]+|—+|[/／]|\\n|null|\(null\)|<null>|\[null\]|none|nan|nat|n/a|na|<na>|无)?[ ''"`]*)*$')
